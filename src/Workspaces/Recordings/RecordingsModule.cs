using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Recordings;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Approvals;
using StreamSpace.Recordings.Exports;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Policies;
using StreamSpace.Recordings.Recorders;
using StreamSpace.Recordings.Shelf;
using StreamSpace.Recordings.Upload;

namespace StreamSpace.Recordings;

/// <summary>Records sessions' displays, keeps the recordings, and gives them to those who may look.</summary>
public sealed class RecordingsModule : IModule
{
    /// <inheritdoc/>
    public string Name => "recordings";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RecordingsOptions>().BindConfiguration("Recordings").ValidateDataAnnotations().ValidateOnStart();
        services.AddModuleDb<RecordingsDb>();
        services.AddSingleton<SegmentShelf>().AddSingleton<SegmentBook>().AddSingleton<DisplayDoor>().AddSingleton<Leases>().AddSingleton(p => p.GetRequiredService<IOptions<RecordingsOptions>>().Value);
        services.AddSingleton<Watchers>().AddSingleton<PressCounter>().AddSingleton<ISessionTap>(p => p.GetRequiredService<PressCounter>());
        services.AddSingleton<RecorderCrew>().AddHostedService(p => p.GetRequiredService<RecorderCrew>());
        services.AddHostedService<SessionFollower>();
        services.AddSingleton<RetentionKeeper>().AddHostedService(p => p.GetRequiredService<RetentionKeeper>());
        services.AddOptions<RecordingsS3Options>().BindConfiguration("Recordings:S3").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RecordingsS3Options>, StoreOptionsRules>().AddSingleton(p => p.GetRequiredService<IOptions<RecordingsS3Options>>().Value);
        services.AddSingleton<ObjectStore>().AddSingleton<UploadQueue>().AddSingleton<StorePause>().AddSingleton<UploadMetrics>().AddSingleton<ShelfSweeper>().AddSingleton<IHealthPart, StoreHealth>();
        services.AddHostedService<SegmentUploader>().AddSingleton<ObjectRemover>().AddHostedService(p => p.GetRequiredService<ObjectRemover>());
        services.AddSingleton<Ffmpeg>().AddSingleton<IHealthPart>(p => p.GetRequiredService<Ffmpeg>()).AddSingleton<FilmShelf>().AddSingleton<FilmMaker>().AddSingleton<ExportLeases>();
        services.AddSingleton<ExportWorker>().AddHostedService(p => p.GetRequiredService<ExportWorker>());
        services.AddScoped<RecordingDesk>().AddSingleton<IRecordingNotice, RecordingNotice>();
        services.AddSingleton<ITeamUse, TeamUse>();
        services.AddScoped<PolicyBeginner>().AddEventConsumer<PolicyFollower>();
        services.AddHostedService<PolicyKeeper>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        StartRecording.Map(api);
        ListRecordings.Map(api);
        ShowStore.Map(api);
        ReadSegments.Map(api);
        ExportRecording.Map(api);
        AskAccess.Map(api);
        DecideAccess.Map(api);
        KeepRecording.Map(api);
        KeepPolicies.Map(api);
    }
}
