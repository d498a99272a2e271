//! The command line.

fn main() -> std::process::ExitCode {
    conformance::main()
}
