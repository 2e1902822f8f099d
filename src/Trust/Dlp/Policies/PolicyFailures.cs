using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

internal static class PolicyFailures
{
    public static readonly Failure NoSuchPolicy = Failure.Missing("policy");
    public static readonly Failure NameTaken = new(FailureKind.Conflict, "NAME_TAKEN", "Another policy has this name already. Choose another one.");
    public static readonly Failure ChangedMeanwhile = new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed this policy in the meantime. Load it again and repeat your change.");
}
