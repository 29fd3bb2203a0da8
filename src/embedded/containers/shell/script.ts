/** The parts of a word before it is expanded. What stands in quotes is not split and not matched against file names. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly isQuoted: boolean;
      /** `${name:-word}` and its kin: the operator and its word. */
      readonly operator?: { readonly sign: '-' | '=' | '+' | '?' | '#length'; readonly word: Word };
    }
  | { readonly kind: 'command'; readonly script: Script; readonly isQuoted: boolean }
  | { readonly kind: 'arithmetic'; readonly text: string };

export type Word = readonly WordPart[];

export interface Redirect {
  readonly descriptor: number;
  readonly operator: '<' | '>' | '>>' | '>&' | '<<';
  /** A file's name, a descriptor's number, or the text of a here-document. */
  readonly target: Word;
}

/** One command with everything around it. */
export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'pipeline'; readonly commands: readonly Command[]; readonly isNegated: boolean }
  | { readonly kind: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | { readonly kind: 'background'; readonly body: Command }
  | { readonly kind: 'group' | 'subshell'; readonly body: Script; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Script; readonly body: Script }[];
      readonly otherwise: Script | undefined;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'loop';
      readonly condition: Script;
      readonly isUntil: boolean;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
    };

export type Script = readonly Command[];

/** The text is no script; `isIncomplete` says that more text could make it one. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly isIncomplete: boolean;

  constructor(message: string, isIncomplete = false) {
    super(message);
    this.isIncomplete = isIncomplete;
  }
}
