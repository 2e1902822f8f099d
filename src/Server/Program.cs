using StreamSpace.Server;

return await ServerProgram.RunAsync(args);
