using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Recordings.Upload;

/// <summary>Settings of the bucket that keeps recordings, section <c>Recordings:S3</c>.</summary>
public sealed class RecordingsS3Options
{
    /// <summary>Address of the S3 server: https://s3.example.com. Empty for none.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Name of the bucket; it must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What all our objects' names begin with: streamspace/recordings. May be empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket stands in the path and not in the host name.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>Id of the access key.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of the access key. Never shown, never logged.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>File that holds the secret, instead of SecretKey; read at start.</summary>
    public string SecretKeyFile { get; set; } = "";

    /// <summary>What the server is asked to encrypt objects with: none, AES256 or aws:kms. Ours are encrypted before, in any case.</summary>
    public string ServerSideEncryption { get; set; } = "none";

    /// <summary>Key for aws:kms; empty for the bucket's own.</summary>
    public string KmsKeyId { get; set; } = "";

    /// <summary>So many segments are uploaded at once by one server.</summary>
    [Range(1, 16, ErrorMessage = "Recordings:S3:Parallel must be from 1 to 16.")]
    public int Parallel { get; set; } = 2;

    /// <summary>An upload of one segment that takes longer is given up and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00", ErrorMessage = "Recordings:S3:Timeout must be from 5 seconds to one hour.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    internal bool Given => Endpoint.Length > 0;

    /// <summary>Empty, or with one slash at its end.</summary>
    internal string Folder => Prefix.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "";

    /// <exception cref="IOException">The file cannot be read.</exception>
    internal string ReadSecret() => SecretKeyFile.Length > 0 ? File.ReadAllText(SecretKeyFile).Trim() : SecretKey;
}
