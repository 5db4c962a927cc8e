namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>Scripts that have a shell ask the tool, which asks the node.</summary>
internal static class CompletionScripts
{
    private const string Bash =
        """
        # akka-durable: put this line into ~/.bashrc:  eval "$(akka-durable completion bash)"
        _akka_durable() {
            local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" current="" words
            # Not COMP_WORDS: bash parts words at ":", which addresses have.
            IFS=' ' read -ra words <<< "$line"
            if [[ "$line" == *' ' ]]; then words+=(""); fi
            if (( ${#words[@]} < 3 )); then return; fi
            current="${words[-1]}"
            COMPREPLY=($(akka-durable complete "${words[@]:1}" 2>/dev/null))
            # What of the word is before a ":" is on the line already.
            if [[ "$current" == *:* ]]; then COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}"); fi
        }
        complete -o default -F _akka_durable akka-durable

        """;

    private const string Zsh =
        """
        # akka-durable: put this line into ~/.zshrc, after compinit:  eval "$(akka-durable completion zsh)"
        _akka_durable() {
            (( CURRENT < 3 )) && return
            local -a found
            found=("${(@f)$(akka-durable complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            compadd -a found
        }
        compdef _akka_durable akka-durable

        """;

    private const string Fish =
        """
        # akka-durable: put this line into ~/.config/fish/config.fish:  akka-durable completion fish | source
        function __akka_durable
            set -l words (commandline -opc) (commandline -ct)
            test (count $words) -ge 3; and akka-durable complete $words[2..-1] 2>/dev/null
        end
        complete -c akka-durable -f -a '(__akka_durable)'

        """;

    /// <exception cref="CliException">There is none for the shell.</exception>
    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new CliException($"there is no completion script for {Text.Plain(shell)}; there are bash, zsh and fish", CliException.Misused),
    };
}
