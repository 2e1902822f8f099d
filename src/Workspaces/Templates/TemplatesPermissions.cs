using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>What one may do with templates.</summary>
internal static class TemplatesPermissions
{
    /// <summary>Look at the catalogue.</summary>
    public static readonly Permission View = new("templates.view", "See the catalogue and choose favourites.", Roles.Everyone);

    /// <summary>Build and check the images that templates start from.</summary>
    public static readonly Permission Images = new("templates.images", "Build and check the images that templates start from.", Roles.Operator);
}
