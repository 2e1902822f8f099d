using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Sessions;

/// <summary>What to launch, and how.</summary>
/// <param name="Template">Name of the template.</param>
/// <param name="Name">DNS label, unique among one's own sessions; made up when absent.</param>
/// <param name="Runtime"><c>auto</c>, <c>local</c>, <c>docker</c>, ...</param>
/// <param name="Resources">What it may use; the template's when absent.</param>
/// <param name="IdleTimeout">Hibernate that long after the last activity: <c>30m</c>.</param>
/// <param name="FreezeAfter">Freeze that long after the last activity: <c>10m</c>.</param>
/// <param name="MaxDuration">End it that long after the start: <c>8h</c>.</param>
/// <param name="Tags">At most 20, of letters, digits and <c>._:/-</c>.</param>
/// <param name="Env">Environment variables inside the session.</param>
/// <param name="Geometry">Initial picture: <c>1280x800</c>.</param>
/// <param name="PersistentHome">False gives the session an own empty home that goes with it.</param>
/// <param name="Network"><c>default</c> or <c>none</c>.</param>
/// <param name="KeepAwake">Do not freeze or hibernate it for idleness.</param>
/// <param name="Reason">Why; at most 500 characters. Some templates demand one: <c>GET /launch-rules</c>. Kept with the session.</param>
public sealed record LaunchRequest(
    [Required, StringLength(63)] string Template, string? Name = null, string? Runtime = null, LaunchResources? Resources = null, string? IdleTimeout = null, string? FreezeAfter = null,
    string? MaxDuration = null, IReadOnlyList<string>? Tags = null, IReadOnlyDictionary<string, string>? Env = null, string? Geometry = null, bool? PersistentHome = null,
    string? Network = null, bool KeepAwake = false,
    [StringLength(500)] string? Reason = null);

/// <summary>What a session may use.</summary>
/// <param name="Cpu"><c>1500m</c> or <c>2</c>.</param>
/// <param name="Memory"><c>2Gi</c>.</param>
/// <param name="Storage"><c>10Gi</c>.</param>
public sealed record LaunchResources(string? Cpu = null, string? Memory = null, string? Storage = null);
