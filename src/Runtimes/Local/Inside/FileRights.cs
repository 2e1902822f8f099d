using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>Acts on files with the rights of a session's user instead of the server's.</summary>
internal static class FileRights
{
    /// <summary>Everything inside runs on this thread with that user's file rights; it must not wait for anything that continues elsewhere.</summary>
    public static T As<T>(int uid, Func<T> action)
    {
        if (!Environment.IsPrivilegedProcess)
            return action();
        _ = Libc.SetFileGroup(uid);
        _ = Libc.SetFileUser(uid);
        try
        {
            return action();
        }
        finally
        {
            _ = Libc.SetFileUser(Libc.EffectiveUser());
            _ = Libc.SetFileGroup(Libc.EffectiveGroup());
        }
    }
}
