namespace StreamSpace.Cli;

/// <summary>What the process ends with; documented in docs/guides/command-line.md and held by tests.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It went wrong in a way that has no number of its own.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or a value in it is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Nobody is logged in, or the login ended.</summary>
    public const int NotLoggedIn = 3;

    /// <summary>There is no such thing, or it is not yours to see.</summary>
    public const int NotFound = 4;

    /// <summary>The server says no: rights, quota, policy.</summary>
    public const int Refused = 5;

    /// <summary>It does not fit the present state: the name is taken, the session is over.</summary>
    public const int Conflict = 6;

    /// <summary>The server cannot be reached or asks to come back later.</summary>
    public const int Unavailable = 7;

    /// <summary>A session or image ended in failure.</summary>
    public const int EndedInFailure = 8;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
