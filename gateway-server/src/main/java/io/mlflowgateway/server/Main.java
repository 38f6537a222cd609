package io.mlflowgateway.server;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. The flags of {@code start} are those of MLflow's own {@code gateway start}, and more. */
@Command(
        name = "gateway-server",
        description = "Named routes in front of model providers.",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /** Runs a command and ends with its exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("start")) {
            EarlyStart.begin();
        }
        Map<String, String> environment = System.getenv();
        Optional<Start> plain = PlainStart.of(
                arguments, environment, new PrintWriter(System.out, true), new PrintWriter(System.err, true));
        System.exit(
                plain.isPresent() ? plain.get().run() : commandLine(environment).execute(arguments));
    }

    /** All commands, for {@link #main} and for tests. */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine commands = new CommandLine(new Main())
                .addSubcommand(SettingFlags.addedTo(new StartCommand(environment)))
                .addSubcommand(SettingFlags.addedTo(new ValidateCommand(environment)))
                .addSubcommand(new DiffCommand(environment))
                .addSubcommand(new ReloadCommand(environment))
                .addSubcommand(new TrainCommand())
                .addSubcommand(new VersionCommand());
        commands.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        return commands.setParameterExceptionHandler(Main::sayWhatIsWrong);
    }

    /** The mistake and where help is; fifty lines of usage would bury it. */
    private static int sayWhatIsWrong(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(mistake.getMessage());
        UnmatchedArgumentException.printSuggestions(mistake, err);
        err.println("Help: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
