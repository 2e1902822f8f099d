using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// One launch: 1 note that it begins, 2 let the runtime start the session while its progress is written down and changed
/// wishes are heard, 3 note how it went. Killed anywhere, the next reconciler starts at 1 again; the runtime adopts what is there.
/// </summary>
internal sealed partial class Launcher(
    IDbContextFactory<SessionsDb> databases, SessionWriter writer, ISecretBox secrets, TimeProvider clock, ILogger<Launcher> log)
{
    internal const string SecretPurpose = "display";
    private static readonly TimeSpan PercentPause = TimeSpan.FromMilliseconds(250);

    public async Task LaunchAsync(SessionId id, ISessionRuntime runtime, SemaphoreSlim poked, CancellationToken ct)
    {
        // 1
        var track = new LaunchTrack(clock);
        if (await writer.ChangeAsync(id, s => s.BeginLaunch(track.Now()), ct) is not { } session)
            return;

        // 2
        using var launch = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var beside = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reports = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var writing = WriteProgressAsync(id, track, reports.Reader, beside.Token);
        var watching = HearWishesAsync(id, poked, launch, beside.Token);
        RuntimeFailure? failed = null;
        string? handle = null;
        try
        {
            handle = await runtime.StartAsync(Spec(session), new Reports(track, reports.Writer), launch.Token);
        }
        catch (RuntimeFailure e) when (!launch.IsCancellationRequested)
        {
            failed = e;
        }
        catch (Exception e) when (!launch.IsCancellationRequested)
        {
            LogUnexpected(log, runtime.Name, id, e);
            failed = new(RuntimeReasons.StartFailed, "The runtime failed in a way it does not know. An administrator finds the cause in the server's log.", e);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // The wish changed meanwhile: the reconciler looks again and does what is wished for now.
            return;
        }
        finally
        {
            reports.Writer.TryComplete();
            await beside.CancelAsync();
            await Task.WhenAll(writing, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // 3, not cancelled any more: the processes are there or are not.
        if (failed is null)
        {
            var done = track.Finish();
            await writer.ChangeAsync(id, s => s.Launched(handle, done, clock.GetUtcNow()), CancellationToken.None);
            return;
        }

        if (failed.Reason != RuntimeReasons.RuntimeLost)
            await StopQuietlyAsync(runtime, id);
        await writer.ChangeAsync(id, s => s.Fail(failed.Reason, failed.Message), CancellationToken.None);
    }

    private LaunchSpec Spec(Session session) => new(
        session.Id, session.Name, session.OwnerId, OwnerSlug(session.OwnerName, session.OwnerId), session.Application,
        new(session.CpuMillicores, session.MemoryBytes, session.StorageBytes, session.Processes), session.Env, session.Width, session.Height, session.PersistentHome,
        secrets.Open(SecretPurpose, session.DisplaySecret) ?? throw new InvalidOperationException("The display's password cannot be read; was the master key replaced?"), session.Network);

    /// <summary>Slug + 8 hex of a hash: safe and distinct in names of resources.</summary>
    internal static string OwnerSlug(string name, UserId id)
    {
        var slug = new StringBuilder(20);
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c) && slug.Length < 20)
                slug.Append(c);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id.ToString())))[..8];
        return slug.Length == 0 ? "u-" + hash : $"{slug}-{hash}";
    }

    // Each new step at once, percentages a few times a second.
    private async Task WriteProgressAsync(SessionId id, LaunchTrack track, ChannelReader<bool> reports, CancellationToken ct)
    {
        var written = (Step: LaunchStep.Reserve, Percent: (int?)null, Text: "");
        while (await reports.WaitToReadAsync(ct))
        {
            reports.TryRead(out _);
            var now = track.Now();
            var at = now.Steps.FirstOrDefault(s => s.State == "active");
            if (at is null || written == (track.Step, at.Percent, at.Text ?? ""))
                continue;
            var newStep = track.Step != written.Step;
            written = (track.Step, at.Percent, at.Text ?? "");
            try
            {
                await writer.ChangeAsync(id, s => s.Advance(now, track.Step), ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // The launch matters more than its progress; the next report tries again.
                LogProgressLost(log, id, e);
            }

            if (!newStep)
                await Task.Delay(PercentPause, ct);
        }
    }

    private async Task HearWishesAsync(SessionId id, SemaphoreSlim poked, CancellationTokenSource launch, CancellationToken ct)
    {
        while (true)
        {
            await poked.WaitAsync(ct);
            await using var db = await databases.CreateDbContextAsync(ct);
            var wanted = await db.Sessions.Where(s => s.Id == id).Select(s => s.Wanted).FirstOrDefaultAsync(ct);
            if (wanted is SessionWish.Terminated or SessionWish.Hibernated)
                await launch.CancelAsync();
        }
    }

    private async Task StopQuietlyAsync(ISessionRuntime runtime, SessionId id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await runtime.StopAsync(id, patience.Token);
        }
        catch (Exception e)
        {
            LogLeftovers(log, runtime.Name, id, e);
        }
    }

    private sealed class Reports(LaunchTrack track, ChannelWriter<bool> more) : IProgress<LaunchProgress>
    {
        public void Report(LaunchProgress value)
        {
            track.Report(value);
            more.TryWrite(true);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The runtime {Runtime} failed to start session {Session} in a way it does not know")]
    private static partial void LogUnexpected(ILogger log, string runtime, SessionId session, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leftovers of session {Session} on {Runtime} could not be removed; they are reaped later")]
    private static partial void LogLeftovers(ILogger log, string runtime, SessionId session, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Progress of session {Session} could not be written")]
    private static partial void LogProgressLost(ILogger log, SessionId session, Exception e);
}
