// Each test drives a real server, real sessions and a real browser: one after the other, or times mean nothing.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
