namespace StreamSpace.Contracts.Sessions;

/// <summary>What a person may do with a session's display. The numbers are ordered: a higher level includes the lower ones.</summary>
public enum AccessLevel
{
    /// <summary>Look only.</summary>
    View = 1,

    /// <summary>Look, type and point.</summary>
    Collaborate = 2,

    /// <summary>All of it: clipboard in, resize, power. The owner's level.</summary>
    Control = 3,
}
