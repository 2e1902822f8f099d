using StreamSpace.Streaming.Quality;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class QualityLadderTests
{
    private const int Busy = 100_000;
    private readonly QualityLadder _ladder = new(8, 2, 1);

    [Fact]
    public void Pictures_that_lie_on_the_way_cost_a_step_and_long_ones_two_down_to_the_floor()
    {
        Assert.Equal(QualityMove.Down, Moving(200));
        Assert.Equal((6, 3), _ladder.Now);
        Assert.Equal(QualityMove.Down, Moving(900));
        Assert.Equal((2, 5), _ladder.Now);
        Assert.Equal(QualityMove.Down, Moving(900));
        Assert.Equal(QualityMove.Stay, Moving(900));
        Assert.Equal((1, 6), _ladder.Now);
    }

    [Fact]
    public void Between_slow_and_clear_nothing_changes()
    {
        Moving(200);
        for (var second = 0; second < 30; second++)
            Assert.Equal(QualityMove.Stay, Moving(100));
    }

    [Fact]
    public void A_step_up_that_was_wrong_makes_the_next_one_wait_longer()
    {
        Moving(200);
        Assert.Equal(3, SecondsUntilUp());
        Moving(200);
        Assert.Equal(6, SecondsUntilUp());
        Moving(200);
        Assert.Equal(12, SecondsUntilUp());
        for (var second = 0; second < 10; second++)
            Moving(10); // this one held
        Moving(200);
        Assert.Equal(3, SecondsUntilUp());
    }

    [Fact]
    public void A_still_picture_is_mended_once_and_only_if_it_was_sent_worse_than_wanted()
    {
        Assert.Equal(QualityMove.Stay, Still(blurred: true));
        Moving(900);
        Moving(10);
        Assert.Equal(QualityMove.Sharpen, Still(blurred: true));
        Assert.NotEqual(QualityMove.Sharpen, Still(blurred: true));
        Moving(900);
        Moving(10);
        Assert.NotEqual(QualityMove.Sharpen, Still(blurred: false)); // the display mended it by itself
    }

    [Fact]
    public void A_display_that_mends_by_itself_is_let()
    {
        Moving(900);
        Moving(10);
        Assert.Equal(QualityMove.Sharpen, Still(blurred: true));
        for (var second = 0; second < 20; second++) // exact parts, now and then
            Assert.NotEqual(QualityMove.Sharpen, _ladder.Look(new(TimeSpan.Zero, false, true, second % 2 == 0 ? Busy : 0, Jpeg: false, Blurred: true)));
    }

    [Fact]
    public void What_is_still_on_its_way_is_neither_still_nor_clear()
    {
        Moving(900);
        Moving(10);
        for (var second = 0; second < 20; second++)
            Assert.Equal(QualityMove.Stay, _ladder.Look(new(null, Draining: true, Arrived: second % 2 == 0, 0, Jpeg: false, Blurred: true)));
    }

    [Fact]
    public void Without_a_compression_level_none_is_asked_for() => Assert.Null(new QualityLadder(6, null, 1).Now.Compression);

    [Fact]
    public void What_the_viewer_asked_for_is_never_raised()
    {
        QualityLadder ladder = new(1, 7, 0);
        Assert.Equal((1, 7), ladder.Now);
        ladder.Look(new(TimeSpan.FromSeconds(1), false, true, Busy, true, true));
        Assert.Equal((0, 7), ladder.Now);
    }

    private int SecondsUntilUp()
    {
        for (var second = 1; second < 100; second++)
        {
            if (Moving(10) == QualityMove.Up)
                return second;
        }
        return -1;
    }

    private QualityMove Moving(int lag) => _ladder.Look(new(TimeSpan.FromMilliseconds(lag), false, false, Busy, Jpeg: true, Blurred: true));

    private QualityMove Still(bool blurred) => _ladder.Look(new(null, false, true, 0, Jpeg: false, blurred));
}
