using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions;

/// <summary>Follows one launch through its steps and measures each. Reports come from the runtime's threads.</summary>
internal sealed class LaunchTrack(TimeProvider clock)
{
    private static readonly LaunchStep[] Steps = [LaunchStep.Reserve, LaunchStep.PrepareImage, LaunchStep.Start, LaunchStep.Connect];
    private readonly Lock gate = new();
    private readonly long began = clock.GetTimestamp();
    private readonly long?[] took = new long?[Steps.Length];
    private long stepBegan = clock.GetTimestamp();
    private LaunchStep step = LaunchStep.Reserve;
    private int? percent;
    private string? text;

    public LaunchStep Step
    {
        get
        {
            lock (gate)
                return step;
        }
    }

    /// <summary>Takes what the runtime reports; steps only go forward.</summary>
    public void Report(LaunchProgress report)
    {
        lock (gate)
        {
            if (report.Step > step)
            {
                var now = clock.GetTimestamp();
                took[(int)step] = Milliseconds(stepBegan, now);
                (step, stepBegan, percent) = (report.Step, now, null);
            }

            if (report.Step == step)
                (percent, text) = (report.Percent, report.Text);
        }
    }

    /// <summary>The launch is through.</summary>
    public LaunchNow Finish()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            took[(int)step] = Milliseconds(stepBegan, now);
            return new([.. Steps.Select((s, i) => new LaunchStepNow(Wire.Name(s), "done", 100, took[i] ?? 0, null))], Milliseconds(began, now));
        }
    }

    /// <summary>The launch as it stands.</summary>
    public LaunchNow Now()
    {
        lock (gate)
        {
            return new(
                [.. Steps.Select((s, i) => s < step ? new LaunchStepNow(Wire.Name(s), "done", 100, took[i] ?? 0, null)
                    : s == step ? new LaunchStepNow(Wire.Name(s), "active", percent, null, text)
                    : new LaunchStepNow(Wire.Name(s), "waiting", null, null, null))],
                Milliseconds(began, clock.GetTimestamp()));
        }
    }

    /// <summary>The launch stopped where it was.</summary>
    public static LaunchNow Failed(LaunchNow at) => at with { Steps = [.. at.Steps.Select(s => s.State == "active" ? s with { State = "failed" } : s)] };

    private long Milliseconds(long from, long to) => (long)clock.GetElapsedTime(from, to).TotalMilliseconds;
}
