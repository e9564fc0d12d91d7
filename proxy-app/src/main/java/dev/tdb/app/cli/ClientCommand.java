package dev.tdb.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the API one thing and prints the answer. */
abstract class ClientCommand implements Callable<Integer> {
    @Mixin
    HelpOption help = new HelpOption();

    @ArgGroup(validate = false, order = 1, heading = "%nHow the API is called:%n")
    ClientOptions options = new ClientOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** Calls and prints; throws a {@link CliFailure} when it cannot. */
    abstract void run(Api api, Output out);

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        Output output = new Output(out, spec.commandLine().getErr(), options.json);
        try (Api api = new Api(ClientSettings.find(options, System.getenv(), Path.of("")), options.idempotencyKey)) {
            run(api, output);
            return ExitCode.OK;
        } catch (CliFailure failure) {
            failure.reply().ifPresent(output::reply);
            throw failure;
        } finally {
            out.flush();
        }
    }
}
