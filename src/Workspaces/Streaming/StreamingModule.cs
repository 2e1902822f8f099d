using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Files;
using StreamSpace.Streaming.Probes;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Thumbnails;
using StreamSpace.Streaming.Tickets;
using StreamSpace.Streaming.Viewers;
using StreamSpace.Streaming.Watching;

namespace StreamSpace.Streaming;

/// <summary>Brings sessions' displays to viewers: tickets, the stream proxy, who looks.</summary>
public sealed class StreamingModule : IModule
{
    /// <inheritdoc/>
    public string Name => "streaming";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StreamingOptions>().BindConfiguration("Streaming").ValidateDataAnnotations().ValidateOnStart();
        services.AddModuleDb<StreamingDb>();
        services.AddMetrics();
        services.AddSingleton<StreamMetrics>();
        services.AddSingleton<ViewerBook>();
        services.AddSingleton<IViewerCounts>(p => p.GetRequiredService<ViewerBook>());
        services.AddSingleton<DisplayOpener>();
        services.AddSingleton<ThumbnailTaker>();
        services.AddEventConsumer<ThumbnailRemover>();
        services.AddSingleton<PolicyWatch>();
        services.AddSingleton<RightsWatch>();
        services.AddSingleton<StreamDoor>();
        services.AddSingleton<ProbeRunner>();
        services.AddHostedService(p => p.GetRequiredService<RightsWatch>());
        services.AddHostedService<ViewerSweeper>();
        services.AddSingleton<FileActivity>();
        services.AddSingleton<WaitingRoom>();
        services.AddScoped<FileDesk>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        OpenViewer.Map(api);
        OpenStream.Map(api);
        ListViewers.Map(api);
        DropViewer.Map(api);
        ShowViewerPolicy.Map(api);
        ShowThumbnail.Map(api);
        ListFiles.Map(api);
        UploadFile.Map(api);
        DownloadFile.Map(api);
        ChangeFiles.Map(api);
        ProbeSession.Map(api);
    }
}
