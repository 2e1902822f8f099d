using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>One build or pull that several launches wait for; each hears its progress, none can cancel it for the others.</summary>
internal sealed class SharedWork : IProgress<LaunchProgress>
{
    private readonly Lock _gate = new();
    private readonly List<IProgress<LaunchProgress>> _listeners = [];
    private LaunchProgress? _last;

    public Task Task { get; private set; } = Task.CompletedTask;

    public void Begin(Func<IProgress<LaunchProgress>, Task> work) => Task = Task.Run(() => work(this));

    public async Task WaitAsync(IProgress<LaunchProgress>? progress, CancellationToken ct)
    {
        if (progress is null)
        {
            await Task.WaitAsync(ct);
            return;
        }

        lock (_gate)
        {
            _listeners.Add(progress);
            if (_last is not null)
                progress.Report(_last);
        }

        try
        {
            await Task.WaitAsync(ct);
        }
        finally
        {
            lock (_gate)
                _listeners.Remove(progress);
        }
    }

    public void Report(LaunchProgress value)
    {
        lock (_gate)
        {
            _last = value;
            foreach (var listener in _listeners)
                listener.Report(value);
        }
    }
}

/// <summary>The share of one build in a chain of builds.</summary>
internal sealed class PartOf(IProgress<LaunchProgress> whole, int index, int count) : IProgress<LaunchProgress>
{
    public void Report(LaunchProgress value) => whole.Report(value with { Percent = ((index * 100) + (value.Percent ?? 0)) / count });
}
