using System.ComponentModel.DataAnnotations;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>What one policy says; what is left out it says nothing about.</summary>
/// <param name="ClipboardIn">From the viewer into the session.</param>
/// <param name="ClipboardOut">From the session to the viewer.</param>
/// <param name="KeysPerSecond">Key presses that pass in a second.</param>
/// <param name="VisibleRegion">The part of the picture that may be pointed at.</param>
/// <param name="Watermark">What is drawn over the picture.</param>
/// <param name="Upload">Files into the session.</param>
/// <param name="Download">Files out of the session.</param>
/// <param name="Printing">Whether the picture may be printed from the browser.</param>
/// <param name="Audio">False: no sound of the session is passed on. True is refused while none can be.</param>
/// <param name="Microphone">False: no microphone is passed in. True is refused while none can be.</param>
/// <param name="Screenshot">Whether the viewer offers pictures of the screen.</param>
/// <param name="RequireReason">Whether a launch needs a reason.</param>
/// <param name="RequireApproval">Whether a launch needs an approval by somebody else.</param>
/// <param name="KeysAction">What happens to faster keys: block, unless it says warn.</param>
public sealed record PolicyRules(
    ClipboardSection? ClipboardIn = null,
    ClipboardSection? ClipboardOut = null,
    [Range(1, 1000, ErrorMessage = "must be between 1 and 1000.")] int? KeysPerSecond = null,
    RegionSection? VisibleRegion = null,
    WatermarkSection? Watermark = null,
    FileSection? Upload = null,
    FileSection? Download = null,
    bool? Printing = null,
    bool? Audio = null,
    bool? Microphone = null,
    bool? Screenshot = null,
    bool? RequireReason = null,
    bool? RequireApproval = null,
    ContentAction? KeysAction = null);

/// <summary>The clipboard in one direction.</summary>
/// <param name="Allowed">False closes it.</param>
/// <param name="MaxBytes">Most bytes of one operation.</param>
/// <param name="PerMinute">Operations in a minute.</param>
/// <param name="Filters">What is looked for in texts; at most 20.</param>
/// <param name="MimeTypes">Types that pass: text/plain, text/html, text/rtf, image/bmp.</param>
/// <param name="Audit">What is remembered of operations that pass.</param>
/// <param name="SizeAction">What happens to what is larger: block, unless it says warn.</param>
/// <param name="RateAction">What happens to what comes more often: block, unless it says warn.</param>
public sealed record ClipboardSection(
    bool? Allowed = null,
    [Range(1, 4 * 1024 * 1024, ErrorMessage = "must be between 1 and 4194304.")] int? MaxBytes = null,
    [Range(1, 600, ErrorMessage = "must be between 1 and 600.")] int? PerMinute = null,
    [MaxLength(20, ErrorMessage = "has more than 20 entries.")] IReadOnlyList<FilterSection>? Filters = null,
    [MaxLength(4, ErrorMessage = "has more than 4 entries.")] IReadOnlyList<string>? MimeTypes = null,
    ClipboardAudit? Audit = null,
    ContentAction? SizeAction = null,
    ContentAction? RateAction = null);

/// <summary>One thing that is looked for: either a detector or a pattern.</summary>
/// <param name="Detector">A built-in detector.</param>
/// <param name="Pattern">A regular expression, at most 500 characters.</param>
/// <param name="Name">What people are told was found; needed for a pattern.</param>
/// <param name="Action">Block, unless it says warn.</param>
public sealed record FilterSection(ContentDetector? Detector = null, string? Pattern = null, string? Name = null, ContentAction Action = ContentAction.Block);

/// <summary>A part of the picture, in percent.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
public sealed record RegionSection([Range(0, 99)] int X, [Range(0, 99)] int Y, [Range(1, 100)] int Width, [Range(1, 100)] int Height);

/// <summary>A watermark: a text, an image, or both.</summary>
/// <param name="Text">May name {user}, {email}, {ip}, {time} and {session}; at most 4 lines.</param>
/// <param name="Image">A PNG or JPEG of at most 64 KiB, as a <c>data:</c> address.</param>
/// <param name="Opacity">0.05 to 1; 0.3 when left out.</param>
/// <param name="Position">center when left out.</param>
/// <param name="Tile">True repeats it all over the picture; false when left out.</param>
/// <param name="RefreshSeconds">How often {time} is filled in anew; 60 when left out.</param>
public sealed record WatermarkSection(
    [MaxLength(200, ErrorMessage = "has more than 200 characters.")] string? Text = null,
    [MaxLength(WatermarkCheck.LongestImage, ErrorMessage = "is larger than 64 KiB.")] string? Image = null,
    [Range(0.05, 1.0, ErrorMessage = "must be between 0.05 and 1.")] double? Opacity = null,
    [RegularExpression("^(center|top|bottom|top_left|top_right|bottom_left|bottom_right)$", ErrorMessage = "must be center, top, bottom, top_left, top_right, bottom_left or bottom_right.")] string? Position = null,
    bool? Tile = null,
    [Range(1, 3600, ErrorMessage = "must be between 1 and 3600.")] int? RefreshSeconds = null);

/// <summary>Files in one direction.</summary>
/// <param name="Allowed">False closes it.</param>
/// <param name="MaxBytes">Largest file.</param>
/// <param name="AllowTypes">The only types that may be moved.</param>
/// <param name="DenyTypes">Types that may not be moved.</param>
/// <param name="Scan">True: each file must be found clean.</param>
/// <param name="Unscanned">What happens when the virus scanner could not look at it; block when left out.</param>
public sealed record FileSection(
    bool? Allowed = null,
    [Range(1L, 1L << 40, ErrorMessage = "must be between 1 and 1099511627776.")] long? MaxBytes = null,
    [MaxLength(50)] IReadOnlyList<string>? AllowTypes = null,
    [MaxLength(50)] IReadOnlyList<string>? DenyTypes = null,
    bool? Scan = null,
    UnscannedAction? Unscanned = null);

/// <summary>Whom a policy is about: everybody, or whoever one of the lists names.</summary>
/// <param name="All">Everybody.</param>
/// <param name="Users">People, by id.</param>
/// <param name="Teams">Whoever is in one of these teams, by id.</param>
/// <param name="Templates">Templates, by name.</param>
/// <param name="Sessions">Sessions, by id.</param>
public sealed record PolicyScope(
    bool All = false,
    [MaxLength(500)] IReadOnlyList<Guid>? Users = null,
    [MaxLength(500)] IReadOnlyList<Guid>? Teams = null,
    [MaxLength(500)] IReadOnlyList<string>? Templates = null,
    [MaxLength(500)] IReadOnlyList<Guid>? Sessions = null);
