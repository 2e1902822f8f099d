using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing;

/// <summary>Settings of this module, section <c>Sharing</c>.</summary>
internal sealed class SharingOptions
{
    /// <summary>The longest time a share may be given for, as people write it. A share without an end lasts until somebody ends it.</summary>
    [Required]
    public string MaxDuration { get; set; } = "30d";

    /// <summary>The same, read.</summary>
    public TimeSpan Longest => Duration.TryParse(MaxDuration, out var read) ? read : TimeSpan.FromDays(30);
}

/// <summary>Checks what annotations cannot say, at start.</summary>
internal sealed class SharingOptionsRules : IValidateOptions<SharingOptions>
{
    public ValidateOptionsResult Validate(string? name, SharingOptions options) => Duration.TryParse(options.MaxDuration, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Sharing:MaxDuration is \"{options.MaxDuration}\"; it must be a duration like 8h or 30d.");
}
