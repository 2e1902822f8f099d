namespace StreamSpace.Sessions;

/// <summary>Whether a session's processes have the limits that its row says.</summary>
public enum LimitsState
{
    /// <summary>They have, or there are none and they will have from the start on.</summary>
    Applied,

    /// <summary>They are about to.</summary>
    Pending,

    /// <summary>They cannot be changed while it runs; the next start has them.</summary>
    NextStart,
}
