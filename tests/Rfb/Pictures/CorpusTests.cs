using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Tests.Fuzzing;

namespace StreamSpace.Rfb.Tests.Pictures;

/// <summary>Streams of real servers, from the repository: they need no server.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void The_corpus_is_there_and_small()
    {
        Assert.InRange(Corpus.All.Length, 10, 40);
        Assert.InRange(Corpus.All.Sum(c => c.Bytes.Length), 10_000, 1_000_000);
    }

    [Fact]
    public void Pieces_of_any_size_make_the_same_picture()
    {
        foreach (var captured in Corpus.All)
        {
            var whole = Decode(captured, captured.Bytes.Length);
            Assert.True(whole.Damage.Share > 0.9, captured.Name);
            foreach (var piece in new[] { 1, 2, 3, 7, 64, 1000 })
                Assert.True(whole.Pixels.SequenceEqual(Decode(captured, piece).Pixels), $"{captured.Name} in pieces of {piece}");
        }
    }

    /// <summary>All servers were shown the same mosaic: what lossless encodings made of it must be one picture.</summary>
    [Fact]
    public void Every_lossless_encoding_of_every_server_shows_the_same()
    {
        var pictures = Corpus.All.Where(c => !c.Name.EndsWith("-jpeg", StringComparison.Ordinal)).Select(c => (c.Name, Picture: Decode(c, 4096))).ToList();
        Assert.All(pictures, p => Assert.True(pictures[0].Picture.Pixels.SequenceEqual(p.Picture.Pixels), $"{p.Name} differs from {pictures[0].Name}"));
    }

    [Fact]
    public void The_parser_ends_where_the_decoder_ends()
    {
        foreach (var captured in Corpus.All)
        {
            var parser = new ServerStream();
            parser.Start(new((ushort)captured.Width, (ushort)captured.Height, PixelFormat.Bgrx, "x"));
            parser.Process(captured.Bytes.ToArray());
            Assert.True(parser.AtBoundary, $"{captured.Name}: {parser.Lost}");
        }
    }

    private static Picture Decode(Captured captured, int piece)
    {
        using var decoder = new PictureDecoder(captured.Width, captured.Height, PixelFormat.Bgrx);
        for (var at = 0; at < captured.Bytes.Length;)
        {
            var step = decoder.Feed(captured.Bytes.AsSpan(at, Math.Min(piece, captured.Bytes.Length - at)));
            Assert.Equal(RfbFault.None, decoder.Error.Fault);
            at += step.Taken;
        }
        Assert.True(decoder.AtBoundary, captured.Name);
        return decoder.Picture;
    }
}
