#pragma warning disable // planted violations: they exist to be found

namespace StreamSpace.PlantedCellar
{
    internal sealed class Barrel
    {
        public static int Litres() => 40;
    }
}

namespace StreamSpace.PlantedShop
{
    internal sealed class Counter
    {
        // Only the body of the method gives it away.
        public int Pour() => PlantedCellar.Barrel.Litres();
    }

    internal sealed class Shelf
    {
        public int Height => 2;
    }

    internal sealed class OrderManager;

    internal sealed class PriceUtils;

    internal sealed class Basement;
}
