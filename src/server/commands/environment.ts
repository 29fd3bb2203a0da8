/** The process's environment, handed in by the command line. */
export type Environment = Readonly<Record<string, string | undefined>>;
