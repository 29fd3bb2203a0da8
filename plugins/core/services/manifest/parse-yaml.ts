import { Composer, type CST, type Document, Lexer, type LineCounter, type Node, Parser } from 'yaml';
import { positionOf, type TextPosition } from './locate-node.ts';
import { shorten } from './to-plain-value.ts';

export interface YamlDocument {
  readonly root: Node | null;
  /** Where it begins in the text. */
  readonly offset: number;
  readonly problems: readonly YamlProblem[];
}

export interface YamlProblem extends TextPosition {
  readonly code: string;
  readonly message: string;
}

/** The text as a whole cannot be read any further. */
export class UnreadableText extends Error {
  readonly code: string;
  readonly position: TextPosition;
  constructor(code: string, message: string, position: TextPosition) {
    super(message);
    this.code = code;
    this.position = position;
  }
}

/** A megabyte of short lines has about 150,000; the parser needs microseconds for each, and more for each error. */
const maxLexemes = 200_000;
/** Words and signs between two places where reading may pause. */
const pauseEvery = 200;
const maxNesting = 100;
const maxProblems = 20;

/**
 * YAML documents one by one, so that who stops early pays for no more. Scalars come as the text they were written in:
 * what they mean, duplicate keys and merges are not decided here, because the library decides them otherwise than
 * kubectl or in quadratic time. Yields undefined where it may pause, every some hundred words. Throws `UnreadableText` for what is too much.
 */
export function* parseYaml(text: string, lines: LineCounter): Generator<YamlDocument | undefined> {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const problems = collectProblems(composer, lines);
  function describeDocument(document: Document.Parsed): YamlDocument {
    const found = [
      ...problems.splice(0),
      ...document.errors.map((error) => describe(error.message, positionOf(lines, error.pos[0]))),
      ...wrongVersion(document, lines),
    ];
    return { root: document.contents as Node | null, offset: document.range[0], problems: found.slice(0, maxProblems) };
  }
  for (const token of boundedTokens(text, lines)) {
    if (token === undefined) yield undefined;
    else for (const document of composer.next(token)) yield describeDocument(document as Document.Parsed);
  }
  for (const document of composer.end()) yield describeDocument(document as Document.Parsed);
}

/**
 * Takes the parser's complaints from it as they arise. Left alone it makes an error with a stack for each of a
 * million wrong commas before it answers.
 */
function collectProblems(composer: Composer, lines: LineCounter): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const hooked = composer as unknown as {
    onError(source: ErrorSource, code: string, message: string, isWarning?: boolean): void;
  };
  hooked.onError = (source, _code, message, isWarning) => {
    // Warnings are about tags, which are judged by who reads the values.
    if (isWarning) return;
    const problem = describe(message, positionOf(lines, offsetOf(source)));
    if (problems.length >= maxProblems) throw new UnreadableText(problem.code, problem.message, problem);
    problems.push(problem);
  };
  return problems;
}

type ErrorSource = number | readonly [number, number] | { readonly offset: number };

function offsetOf(source: ErrorSource): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}

/** The parser descends by recursion and reports an exhausted stack as if it were bad syntax. */
function describe(message: string, position: TextPosition): YamlProblem {
  const isTooDeep = /call stack/i.test(message);
  const { line, column } = position;
  if (isTooDeep) return { code: 'too_deep', message: `A manifest may nest at most ${maxNesting} levels`, line, column };
  return { code: 'yaml_syntax', message: shorten(message, 200), line, column };
}

/** Undefined from time to time: a document is one token, and a long one takes long. */
function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token | undefined> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  let offset = 0;
  let openBrackets = 0;
  let indicatorsInLine = 0;
  const refuse = (code: string, message: string) => new UnreadableText(code, message, positionOf(lines, offset));
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > maxLexemes) throw refuse('too_large', `A manifest may have ${maxLexemes} words and signs at the most`);
    if (lexeme === '[' || lexeme === '{') openBrackets += 1;
    else if (lexeme === ']' || lexeme === '}') openBrackets -= 1;
    else if (lexeme === '-' || lexeme === '?') indicatorsInLine += 1;
    else if (lexeme.includes('\n')) indicatorsInLine = 0;
    if (openBrackets > maxNesting || indicatorsInLine > maxNesting) {
      throw refuse('too_deep', `A manifest may nest at most ${maxNesting} levels`);
    }
    yield* parser.next(lexeme);
    if (count % pauseEvery === 0) yield undefined;
    offset = parser.offset;
  }
  yield* parser.end();
}

function wrongVersion(document: Document.Parsed, lines: LineCounter): YamlProblem[] {
  const { yaml } = document.directives;
  if (!yaml.explicit || yaml.version === '1.1') return [];
  const message = `%YAML ${yaml.version} is not read here: manifests are YAML 1.1, as kubectl reads them`;
  return [{ code: 'yaml_version', message, ...positionOf(lines, document.range[0]) }];
}
