using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;

namespace StreamSpace.Recordings.Upload;

/// <summary>
/// The bucket: an object per segment, its bytes those of the segment's file, encrypted before they leave. Only PutObject, GetObject, HeadObject and
/// DeleteObject are asked for, each with a wholly signed body and Content-MD5, which every S3 server knows.
/// </summary>
internal sealed class ObjectStore(IOptions<RecordingsS3Options> options, TimeProvider clock) : IDisposable
{
    private const int MostBytes = 512 * 1024 * 1024;
    private const int Resumes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lazy<AmazonS3Client> _client = new(() => Connect(options.Value));

    /// <summary>Whether the settings name a bucket; objects from before are read and removed also when new ones stay here.</summary>
    public bool Given => options.Value.Given;

    /// <summary>Name of a segment's object.</summary>
    public string KeyOf(RecordingId recording, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Value.Folder}{recording.Value:N}/{number:D6}.segment");

    /// <summary>Uploads a file and makes sure that the store has it as it is.</summary>
    public async Task StoreAsync(RecordingId recording, int number, string path, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(options.Value.Timeout, clock);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        var (length, md5, sha256) = await SumAsync(file, soon.Token);
        file.Position = 0;
        var put = Put(KeyOf(recording, number), md5, sha256);
        put.InputStream = file;
        await _client.Value.PutObjectAsync(put, soon.Token);
        if (!await IsThereAsync(put.Key, length, md5, sha256, soon.Token))
            throw new StoreException("The store has other bytes than were sent to it.");
    }

    /// <summary>A segment's file; null when there is no such object.</summary>
    public Task<byte[]?> ReadAsync(RecordingId recording, int number, CancellationToken ct) => FetchAsync(KeyOf(recording, number), ct);

    /// <summary>Removes a segment's object; it need not be there.</summary>
    public Task RemoveAsync(RecordingId recording, int number, CancellationToken ct) => DeleteAsync(KeyOf(recording, number), ct);

    /// <summary>Writes something small and removes it again: finds out whether the store answers and the key may do what we need.</summary>
    public async Task ProbeAsync(string name, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        using var content = new MemoryStream("probe"u8.ToArray());
        var (length, md5, sha256) = await SumAsync(content, soon.Token);
        content.Position = 0;
        var put = Put(options.Value.Folder + "probe/" + name, md5, sha256);
        put.InputStream = content;
        await _client.Value.PutObjectAsync(put, soon.Token);
        var there = await IsThereAsync(put.Key, length, md5, sha256, soon.Token);
        await DeleteAsync(put.Key, soon.Token);
        if (!there)
            throw new StoreException("The store has other bytes than were sent to it.");
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private static AmazonS3Client Connect(RecordingsS3Options options) => new(new BasicAWSCredentials(options.AccessKey, options.ReadSecret()), new AmazonS3Config
    {
        ServiceURL = options.Endpoint,
        AuthenticationRegion = options.Region,
        ForcePathStyle = options.PathStyle,
        Timeout = options.Timeout,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxErrorRetry = 1, // the uploader has a patience of its own
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    private PutObjectRequest Put(string key, byte[] md5, byte[] sha256)
    {
        var put = new PutObjectRequest
        {
            BucketName = options.Value.Bucket, Key = key, ContentType = "application/octet-stream", AutoCloseStream = false, UseChunkEncoding = false,
            MD5Digest = Convert.ToBase64String(md5), ChecksumSHA256 = Convert.ToBase64String(sha256),
        };
        if (options.Value.ServerSideEncryption == "none")
            return put;
        put.ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue(options.Value.ServerSideEncryption);
        if (options.Value.KmsKeyId.Length > 0)
            put.ServerSideEncryptionKeyManagementServiceKeyId = options.Value.KmsKeyId;
        return put;
    }

    /// <summary>By the store's checksum, by its ETag where that is the MD5, else by reading it back.</summary>
    private async Task<bool> IsThereAsync(string key, long length, byte[] md5, byte[] sha256, CancellationToken ct)
    {
        GetObjectMetadataResponse head;
        try
        {
            head = await _client.Value.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Value.Bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED }, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        if (head.ContentLength != length)
            return false;
        if (head.ChecksumSHA256 == Convert.ToBase64String(sha256) || string.Equals(head.ETag?.Trim('"'), Convert.ToHexStringLower(md5), StringComparison.OrdinalIgnoreCase))
            return true;
        return await FetchAsync(key, ct) is { } back && SHA256.HashData(back).AsSpan().SequenceEqual(sha256);
    }

    /// <summary>An answer that breaks off is gone on with where it broke off.</summary>
    private async Task<byte[]?> FetchAsync(string key, CancellationToken ct)
    {
        byte[]? bytes = null;
        string? version = null;
        for (int got = 0, attempt = 1; ; attempt++)
        {
            using var stalled = CancellationTokenSource.CreateLinkedTokenSource(ct);
            stalled.CancelAfter(Patience);
            try
            {
                var get = new GetObjectRequest { BucketName = options.Value.Bucket, Key = key };
                if (bytes is not null && got > 0)
                    (get.ByteRange, get.EtagToMatch) = (new ByteRange(got, bytes.Length - 1), version);
                using var answer = await _client.Value.GetObjectAsync(get, stalled.Token);
                if (got == 0)
                    (bytes, version) = (new byte[Bounded(answer.ContentLength)], answer.ETag);
                await using var content = answer.ResponseStream;
                while (got < bytes!.Length)
                {
                    var read = await content.ReadAsync(bytes.AsMemory(got), stalled.Token);
                    if (read == 0)
                        throw new EndOfStreamException();
                    got += read;
                    stalled.CancelAfter(Patience);
                }
                return bytes;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
            {
                return null;
            }
            catch (Exception e) when (e is not AmazonServiceException && got > 0 && attempt < Resumes && !ct.IsCancellationRequested)
            {
                // Broke off in the middle; the rest is asked for.
            }
        }
    }

    private Task DeleteAsync(string key, CancellationToken ct) => _client.Value.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Value.Bucket, Key = key }, ct);

    private static int Bounded(long length) => length is >= 0 and <= MostBytes ? (int)length : throw new StoreException($"An object of {length} bytes is none of ours.");

#pragma warning disable CA5351 // Content-MD5 is how S3 finds what broke on the way; what keeps recordings from being changed is their own encryption and chain.
    private static async Task<(long Length, byte[] Md5, byte[] Sha256)> SumAsync(Stream file, CancellationToken ct)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long length = 0;
            for (int read; (read = await file.ReadAsync(buffer, ct)) > 0; length += read)
            {
                md5.AppendData(buffer, 0, read);
                sha256.AppendData(buffer, 0, read);
            }
            return (length, md5.GetHashAndReset(), sha256.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
#pragma warning restore CA5351
}
