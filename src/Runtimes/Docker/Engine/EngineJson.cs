using System.Text.Json.Serialization;

namespace StreamSpace.Runtimes.Docker.Engine;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineError))]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(ContainerWish))]
[JsonSerializable(typeof(ContainerDetail))]
[JsonSerializable(typeof(List<ContainerRow>))]
[JsonSerializable(typeof(ContainerTop))]
[JsonSerializable(typeof(ContainerStats))]
[JsonSerializable(typeof(List<ImageRow>))]
[JsonSerializable(typeof(ImageDetail))]
[JsonSerializable(typeof(NetworkDetail))]
[JsonSerializable(typeof(NetworkWish))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(ExecWish))]
[JsonSerializable(typeof(ExecCreated))]
[JsonSerializable(typeof(ExecStart))]
[JsonSerializable(typeof(ExecDetail))]
[JsonSerializable(typeof(Waited))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(BuildLine))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(UpdateWish))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EngineJson : JsonSerializerContext;
