using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace StreamSpace.Recordings.Upload;

/// <summary>What stood in the way of a request to the store, in a sentence without secrets.</summary>
/// <param name="Text">For an administrator.</param>
/// <param name="StoreWide">Others would meet it too; false when it is about this one object.</param>
internal sealed record StoreTrouble(string Text, bool StoreWide)
{
    private static readonly HashSet<string> OfOneObject =
        ["BadDigest", "InvalidDigest", "EntityTooLarge", "IncompleteBody", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "InvalidRequest", "InvalidArgument", "KeyTooLongError", "NoSuchKey"];

    public static StoreTrouble Of(Exception problem) => problem switch
    {
        StoreException known => new(known.Message, StoreWide: false),
        AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest } answer => Of(answer),
        FileNotFoundException or DirectoryNotFoundException => new("The segment's local file is missing.", StoreWide: false),
        UnauthorizedAccessException => new("The segment's local file cannot be read.", StoreWide: false),
        OperationCanceledException or TimeoutException => new("The store did not answer in time.", StoreWide: true),
        _ => new(Inner<SocketException>(problem) is { } socket ? $"The store does not answer: {socket.SocketErrorCode}." : $"The store does not answer: {Deepest(problem).GetType().Name}.", StoreWide: true),
    };

    private static StoreTrouble Of(AmazonServiceException answer)
    {
        var code = new string([.. (answer.ErrorCode ?? "").Where(char.IsAsciiLetterOrDigit).Take(60)]);
        var said = $"{(int)answer.StatusCode}{(code.Length > 0 ? " " + code : "")}";
        var text = answer.StatusCode switch
        {
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => $"The store refuses the access key ({said}). Check Recordings:S3:AccessKey and its secret, and what the key may do in the bucket.",
            HttpStatusCode.NotFound when code != "NoSuchKey" => $"The store knows no such bucket ({said}). Check Recordings:S3:Bucket.",
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => $"The store asks for less at a time ({said}).",
            _ => $"The store answers {said}.",
        };
        return new(text, StoreWide: !OfOneObject.Contains(code));
    }

    private static T? Inner<T>(Exception? problem) where T : Exception
    {
        for (; problem is not null; problem = problem.InnerException)
        {
            if (problem is T found)
                return found;
        }
        return null;
    }

    private static Exception Deepest(Exception problem) => problem.InnerException is { } inner ? Deepest(inner) : problem;
}

/// <summary>The store did something that it should not.</summary>
internal sealed class StoreException(string message) : Exception(message);
