using System.Net;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>The engine said no, or did not answer at all (<see cref="Status"/> is null then).</summary>
internal sealed class EngineFailure(HttpStatusCode? status, string message, Exception? inner = null) : Exception(message, inner)
{
    public HttpStatusCode? Status { get; } = status;

    public bool Unreachable => Status is null;

    public bool Missing => Status == HttpStatusCode.NotFound;

    public bool Conflict => Status == HttpStatusCode.Conflict;

    /// <summary>Pausing, stopping or starting what is so already answers 304 or 409 with such a text.</summary>
    public bool SaysAlready(string state) => Conflict && Message.Contains(state, StringComparison.OrdinalIgnoreCase);
}
