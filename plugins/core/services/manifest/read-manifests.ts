import { type LoopSlices, loopSlices, type ValidationIssue } from 'longshore/sdk';
import { LineCounter } from 'yaml';
import { checkManifest, type ManifestObject } from './check-manifest.ts';
import { createLocator, type Locate, positionOf } from './locate-node.ts';
import { parseYaml, UnreadableText } from './parse-yaml.ts';
import { isPlainObject, type PlainValue } from './plain-value.ts';
import { createExpansionBudget, type Path, toPlainValue, UnreadableDocument } from './to-plain-value.ts';

/** One object of a manifest. */
export interface ManifestDocument {
  /** Its place among the objects of the text, from 0. */
  readonly index: number;
  readonly object: ManifestObject;
  readonly locate: Locate;
}

export interface Manifests {
  /** Sound only where there are no issues. */
  readonly documents: readonly ManifestDocument[];
  /** Everything that is wrong with the text; paths begin with `manifest` and the index of the document. */
  readonly issues: readonly ValidationIssue[];
}

/** What a document must be besides YAML. */
type CheckDocument = typeof checkManifest;

export const maxManifestBytes = 1024 * 1024;
export const maxManifestDocuments = 100;

/** Issues told at the most; a text that is wrong everywhere need not be told so everywhere. */
export const maxIssues = 100;

/**
 * Reads YAML or JSON with one object or several, as kubectl reads it: documents apart by `---`, empty ones skipped, a
 * `List` taken for its items. Never throws for a text, whatever it contains; bounded in time and memory. A long text is read in slices,
 * so that others have their turn; putting one document together is not interrupted.
 */
export async function readManifests(
  text: string,
  slices: LoopSlices = loopSlices,
  check: CheckDocument = checkManifest,
): Promise<Manifests> {
  const reading = readingOf(text, check);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    if (slices.isSpent()) await slices.next();
  }
}

/** The same as steps: each `next` may be put off. */
export function* readingOf(text: string, check: CheckDocument = checkManifest): Generator<void, Manifests> {
  const documents: ManifestDocument[] = [];
  const issues: ValidationIssue[] = [];
  const add = (issue: ValidationIssue): void => {
    if (issues.length < maxIssues) issues.push(issue);
  };
  const refusal = refuseText(text);
  if (refusal) return { documents, issues: [refusal] };

  const lines = new LineCounter();
  const budget = createExpansionBudget();
  let index = 0;
  try {
    for (const document of parseYaml(text, lines)) {
      yield;
      if (document === undefined) continue;
      const { root, offset, problems } = document;
      if (index >= maxManifestDocuments) throw new TooManyDocuments();
      for (const problem of problems) add({ path: ['manifest', index], ...problem });
      if (problems.length > 0) {
        index += 1;
        continue;
      }
      const locateInText = createLocator(root, lines, offset);
      const value = toPlainValue(root, budget, (code, message, node, path) =>
        add({
          path: ['manifest', index, ...path],
          code,
          message,
          ...(node?.range ? positionOf(lines, node.range[0]) : locateInText(path)),
        }),
      );
      if (value === null) continue;
      for (const { item, path } of itemsOf(value)) {
        if (index >= maxManifestDocuments) throw new TooManyDocuments();
        const locate: Locate = (inner, what) => locateInText([...path, ...inner], what);
        for (const issue of check(item)) {
          add({
            path: ['manifest', index, ...issue.path],
            code: issue.code,
            message: issue.message,
            ...locate(issue.path),
          });
        }
        documents.push({ index, object: item as unknown as ManifestObject, locate });
        index += 1;
      }
    }
  } catch (error) {
    add(issueOfFailure(error, index, lines));
  }
  if (documents.length === 0 && issues.length === 0) {
    add({ path: ['manifest'], code: 'empty', message: 'The manifest contains no object' });
  }
  return { documents, issues };
}

class TooManyDocuments extends Error {}

/** What need not be parsed to be refused. */
function refuseText(text: string): ValidationIssue | undefined {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > maxManifestBytes) {
    return {
      path: ['manifest'],
      code: 'too_large',
      message: `manifest may have ${maxManifestBytes} bytes at the most, got ${bytes}`,
    };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what YAML forbids
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (!control) return undefined;
  const before = text.slice(0, control.index).split('\n');
  return {
    path: ['manifest'],
    code: 'yaml_syntax',
    message: `Control character U+${control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()} is not allowed`,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

/** A `List` of kubectl is no object of its own: its items are applied. */
function itemsOf(value: PlainValue): readonly { readonly item: PlainValue; readonly path: Path }[] {
  if (isPlainObject(value) && value.kind === 'List' && value.apiVersion === 'v1' && Array.isArray(value.items)) {
    return (value.items as readonly PlainValue[]).map((item, index) => ({ item, path: ['items', index] }));
  }
  return [{ item: value, path: [] }];
}

function issueOfFailure(error: unknown, index: number, lines: LineCounter): ValidationIssue {
  const path = ['manifest', index];
  if (error instanceof TooManyDocuments) {
    return {
      path: ['manifest'],
      code: 'too_many',
      message: `manifest may contain ${maxManifestDocuments} objects at the most`,
    };
  }
  if (error instanceof UnreadableDocument) {
    const { code, message, node } = error;
    return { path: [...path, ...error.path], code, message, ...(node.range ? positionOf(lines, node.range[0]) : {}) };
  }
  if (error instanceof UnreadableText) {
    return { path, code: error.code, message: error.message, line: error.position.line, column: error.position.column };
  }
  return { path, code: 'yaml_syntax', message: 'The manifest cannot be read as YAML' };
}
