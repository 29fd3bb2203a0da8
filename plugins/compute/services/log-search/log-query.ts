import type { LokiLabels } from '../../settings.ts';
import type { LogLevel } from '../logs/detect-level.ts';
import { escaped, quoted } from '../query-text.ts';

/** Of which namespaces: these, all, or what lies in none (the node's own services). */
export type QueriedNamespaces = readonly string[] | 'ALL' | 'NONE';

/** Which lines are searched for; what is absent lets every line through. */
export interface LogQueryFilter {
  readonly pods?: readonly string[] | undefined;
  /** Names of pods as regular expressions: those that a workload makes. */
  readonly podPatterns?: readonly string[] | undefined;
  readonly containers?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly logStores?: readonly string[] | undefined;
  readonly contains?: string | undefined;
  readonly excludes?: string | undefined;
  readonly matches?: string | undefined;
  readonly ignoreCase: boolean;
  readonly levels?: readonly LogLevel[] | undefined;
}

const levelWords: Readonly<Record<LogLevel, readonly string[]>> = {
  TRACE: ['trace'],
  DEBUG: ['debug'],
  INFO: ['info', 'information', 'notice'],
  WARN: ['warn', 'warning'],
  ERROR: ['error', 'err'],
  FATAL: ['fatal', 'critical', 'crit', 'alert', 'emerg', 'panic'],
  UNKNOWN: ['unknown', ''],
};

/** The level that a word means; UNKNOWN for any other. */
export function levelOfWord(word: string | undefined): LogLevel {
  const wanted = (word ?? '').toLowerCase();
  const found = Object.entries(levelWords).find(([, words]) => words.includes(wanted));
  return (found?.[0] ?? 'UNKNOWN') as LogLevel;
}

/** LogQL for the lines of these namespaces. Every text stands quoted, so that none of it is read as a part of the query. */
export function logQuery(namespaces: QueriedNamespaces, filter: LogQueryFilter, labels: LokiLabels): string {
  const { ignoreCase } = filter;
  const selector = [
    ...placeMatchers(namespaces, labels),
    ...oneOf(labels.pod, filter.pods?.map(escaped)),
    ...oneOf(labels.pod, filter.podPatterns),
    ...oneOf(labels.container, filter.containers?.map(escaped)),
    ...oneOf(labels.host, filter.hosts?.map(escaped)),
    ...oneOf(labels.logStore, filter.logStores?.map(escaped)),
  ].join(', ');
  const fold = ignoreCase ? '(?i)' : '';
  const text = (wanted: string) => (ignoreCase ? `~ ${quoted(`(?i)${escaped(wanted)}`)}` : `= ${quoted(wanted)}`);
  const words = filter.levels?.flatMap((level) => levelWords[level]);
  return [
    `{${selector}}`,
    ...(filter.contains ? [`|${text(filter.contains)}`] : []),
    ...(filter.excludes ? [`!${text(filter.excludes)}`] : []),
    ...(filter.matches ? [`|~ ${quoted(`${fold}${filter.matches}`)}`] : []),
    ...(words ? [`| ${labels.level}=~${quoted(`(?i)(${words.map(escaped).join('|')})`)}`] : []),
  ].join(' ');
}

function placeMatchers(namespaces: QueriedNamespaces, labels: LokiLabels): string[] {
  if (namespaces === 'ALL') return [`${labels.namespace}=~".+"`];
  if (namespaces === 'NONE') return [`${labels.system}=~".+"`, `${labels.namespace}=""`];
  return oneOf(labels.namespace, namespaces.map(escaped));
}

/** Loki's own regular expressions of labels are whole ones. Of no names nothing is left. */
function oneOf(label: string, patterns: readonly string[] | undefined): string[] {
  if (!patterns) return [];
  return [`${label}=~${quoted(patterns.length === 0 ? '[^\\s\\S]' : patterns.join('|'))}`];
}

/** Names that controllers give to the pods of a workload, so that those are found too that are gone by now. */
export function podPatternOf(kind: string, name: string): string {
  const given = escaped(name);
  switch (kind) {
    case 'Pod':
      return given;
    case 'Deployment':
      return `${given}-[a-z0-9]{1,10}-[a-z0-9]{5}`;
    case 'StatefulSet':
      return `${given}-[0-9]+`;
    case 'CronJob':
      return `${given}-[0-9]+-[a-z0-9]{5}`;
    default:
      return `${given}-[a-z0-9]{5}`;
  }
}
