using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace StreamSpace.Recordings.Upload;

/// <summary>Checks the settings of the store at start, all at once. Whether the bucket answers is no question of the settings: it may be away just now.</summary>
internal sealed partial class StoreOptionsRules(IOptions<RecordingsOptions> recordings) : IValidateOptions<RecordingsS3Options>
{
    private static readonly string[] Encryptions = ["none", "AES256", "aws:kms"];

    public ValidateOptionsResult Validate(string? name, RecordingsS3Options options)
    {
        var problems = new List<string>();
        if (!options.Given)
        {
            if (recordings.Value.Uploads)
                Must("Endpoint", "be given when Recordings:Store is s3: the address of the S3 server, like https://s3.example.com.");
            return Answer(problems);
        }
        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            Must("Endpoint", "be an address like https://s3.example.com.");
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0 || address.AbsolutePath != "/")
            Must("Endpoint", "be scheme, host and port only: bucket, prefix and keys have settings of their own.");
        if (!BucketName().IsMatch(options.Bucket) || options.Bucket.Contains("..", StringComparison.Ordinal))
            Must("Bucket", "be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens.");
        if (options.Prefix.Length > 200 || !PrefixText().IsMatch(options.Prefix) || options.Prefix.Split('/').Any(p => p is "." or ".."))
            Must("Prefix", "be at most 200 letters, digits and any of - _ . ! * ' ( ) /.");
        if (!RegionText().IsMatch(options.Region))
            Must("Region", "be a region's name like eu-central-1.");
        if (options.AccessKey.Length is < 3 or > 128 || options.AccessKey.Any(char.IsWhiteSpace))
            Must("AccessKey", "be given: 3 to 128 characters without spaces.");
        if (!Encryptions.Contains(options.ServerSideEncryption, StringComparer.Ordinal))
            Must("ServerSideEncryption", "be none, AES256 or aws:kms.");
        if (options.KmsKeyId.Length > 0 && options.ServerSideEncryption != "aws:kms")
            Must("KmsKeyId", "be empty unless ServerSideEncryption is aws:kms.");
        Secret();
        return Answer(problems);

        void Must(string setting, string what) => problems.Add($"Recordings:S3:{setting} must {what}");

        void Secret()
        {
            if (options.SecretKey.Length > 0 && options.SecretKeyFile.Length > 0)
            {
                Must("SecretKey", "be empty when SecretKeyFile is given: one of the two.");
                return;
            }
            try
            {
                if (options.ReadSecret().Length < 3)
                    Must(options.SecretKeyFile.Length > 0 ? "SecretKeyFile" : "SecretKey", "hold the secret of the access key.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Must("SecretKeyFile", $"be a file that the server can read: {e.GetType().Name}.");
            }
        }
    }

    private static ValidateOptionsResult Answer(List<string> problems) => problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.None, 1000)]
    private static partial Regex BucketName();

    [GeneratedRegex("^[A-Za-z0-9!_.*'()/-]*$", RegexOptions.None, 1000)]
    private static partial Regex PrefixText();

    [GeneratedRegex("^[a-z0-9-]{1,40}$", RegexOptions.None, 1000)]
    private static partial Regex RegionText();
}
