namespace StreamSpace.Rfb.Pictures;

/// <summary>A rectangle of a picture.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct Area(int X, int Y, int Width, int Height);

/// <summary>
/// Where a picture changed, in tiles of <see cref="Tile"/> x <see cref="Tile"/> pixels. A tile counts when a pixel in it has another value than before, so a
/// server that repaints what is already there damages nothing. One byte per tile, whatever happens.
/// </summary>
public sealed class Damage
{
    /// <summary>Edge of a tile in pixels.</summary>
    public const int Tile = 16;

    private readonly bool[] _tiles;
    private readonly int _width;
    private readonly int _height;
    private readonly int _columns;

    internal Damage(int width, int height)
    {
        (_width, _height, _columns) = (width, height, (width + Tile - 1) / Tile);
        _tiles = new bool[_columns * ((height + Tile - 1) / Tile)];
    }

    /// <summary>True when nothing changed.</summary>
    public bool IsEmpty => !_tiles.AsSpan().Contains(true);

    /// <summary>Share of the picture's pixels that lie in changed tiles, 0 to 1.</summary>
    public double Share
    {
        get
        {
            long pixels = 0;
            for (var i = 0; i < _tiles.Length; i++)
            {
                if (_tiles[i])
                    pixels += (long)Math.Min(Tile, _width - (i % _columns * Tile)) * Math.Min(Tile, _height - (i / _columns * Tile));
            }
            return (double)pixels / ((long)_width * _height);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _tiles.AsSpan().Clear();

    /// <summary>The changed tiles as rectangles that do not overlap: runs of a row of tiles, joined downwards where they are equally wide.</summary>
    public IReadOnlyList<Area> ToAreas()
    {
        var areas = new List<Area>();
        var open = new Dictionary<(int X, int Width), int>(); // runs of the row above: where in the list they are
        for (var row = 0; row * _columns < _tiles.Length; row++)
        {
            var next = new Dictionary<(int X, int Width), int>();
            for (var column = 0; column < _columns; column++)
            {
                if (!_tiles[(row * _columns) + column])
                    continue;
                var from = column;
                while (column < _columns && _tiles[(row * _columns) + column])
                    column++;
                var run = (X: from * Tile, Width: Math.Min(column * Tile, _width) - (from * Tile));
                var height = Math.Min(Tile, _height - (row * Tile));
                if (open.TryGetValue(run, out var at))
                    areas[at] = areas[at] with { Height = areas[at].Height + height };
                else
                {
                    at = areas.Count;
                    areas.Add(new(run.X, row * Tile, run.Width, height));
                }
                next[run] = at;
            }
            open = next;
        }
        return areas;
    }

    internal void AddAll() => _tiles.AsSpan().Fill(true);

    internal void AddDifferences(int x, int y, ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        for (var at = 0; at < before.Length;)
        {
            ref var tile = ref At(x + at, y, before.Length - at, out var length);
            if (!tile)
                tile = !before.Slice(at, length).SequenceEqual(after.Slice(at, length));
            at += length;
        }
    }

    internal void AddDifferences(int x, int y, ReadOnlySpan<int> before, int colour)
    {
        for (var at = 0; at < before.Length;)
        {
            ref var tile = ref At(x + at, y, before.Length - at, out var length);
            if (!tile)
                tile = before.Slice(at, length).ContainsAnyExcept(colour);
            at += length;
        }
    }

    private ref bool At(int x, int y, int available, out int length)
    {
        length = Math.Min(available, Tile - (x % Tile));
        return ref _tiles[(y / Tile * _columns) + (x / Tile)];
    }
}
