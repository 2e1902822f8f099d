using StreamSpace.Cli;

return await CliProgram.RunAsync(args, CliTerminal.OfProcess(), CancellationToken.None);
