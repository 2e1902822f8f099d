using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Images;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Builds an image of StreamSpace's own recipes anew (<c>streamspace image build NAME</c>).</summary>
internal sealed class ImageBuild(ImageShelf images)
{
    /// <summary>Tells how far it is until it is done.</summary>
    /// <exception cref="RuntimeFailure"><see cref="RuntimeReasons.ImageBuildFailed"/>: there is no such recipe, or its build failed.</exception>
    public async IAsyncEnumerable<LaunchProgress> RunAsync(string recipe, [EnumeratorCancellation] CancellationToken ct)
    {
        var told = Channel.CreateUnbounded<LaunchProgress>();
        var work = BuildAsync(recipe, told.Writer, ct);
        await foreach (var progress in told.Reader.ReadAllAsync(ct))
            yield return progress;
        await work;
    }

    private async Task BuildAsync(string recipe, ChannelWriter<LaunchProgress> told, CancellationToken ct)
    {
        try
        {
            await images.RebuildAsync(recipe, new Forward(told), ct);
        }
        catch (Engine.EngineFailure e)
        {
            throw new RuntimeFailure(e.Unreachable ? RuntimeReasons.RuntimeLost : RuntimeReasons.ImageBuildFailed, e.Message, e);
        }
        finally
        {
            told.Complete();
        }
    }

    private sealed class Forward(ChannelWriter<LaunchProgress> told) : IProgress<LaunchProgress>
    {
        public void Report(LaunchProgress value) => told.TryWrite(value);
    }
}
