package dev.tdb.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the API one thing and prints the answer. */
@Command(mixinStandardHelpOptions = true)
abstract class ClientCommand implements Callable<Integer> {
    @Mixin
    ClientOptions options = new ClientOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** Calls and prints; throws a {@link CliFailure} when it cannot. */
    abstract void run(Api api, Output out);

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (Api api = new Api(ClientSettings.find(options, System.getenv(), Path.of("")))) {
            run(api, new Output(out, options.json));
            return ExitCode.OK;
        } catch (CliFailure failure) {
            failure.reply().ifPresent(new Output(out, options.json)::reply);
            throw failure;
        } finally {
            out.flush();
        }
    }
}
