import { type LongshoreBuilder, typeRef } from 'longshore/sdk';
import type { LogCollection } from '../services/log-collection-facts.ts';
import { logCollectionOf } from '../services/log-collection-facts.ts';
import { containerRef } from './container.ts';

export const logCollectionRef = typeRef<LogCollection>('LogCollection');
const collectedFilesRef = typeRef<LogCollection['files'][number]>('CollectedFiles');

/** What is collected of containers' logs, read back from where collectors read it (CMP-63). */
export function registerLogCollection(builder: LongshoreBuilder): void {
  builder.objectType(collectedFilesRef, {
    description: 'Files of a container whose lines are collected.',
    fields: (t) => ({
      directory: t.exposeString('directory', { description: 'Directory in the container, e.g. `/home/admin`.' }),
      pattern: t.exposeString('pattern', { description: 'Which files of it, e.g. `*.log`.' }),
    }),
  });
  builder.objectType(logCollectionRef, {
    description:
      "What is collected of a container's logs, as the annotation `longshore.dev/log-collection` tells collectors on the nodes. Collecting is theirs: whether they are there, this does not say.",
    fields: (t) => ({
      standardOutput: t.exposeBoolean('standardOutput', {
        description: 'Whether what it writes to standard output and standard error is collected.',
      }),
      files: t.field({
        type: [collectedFilesRef],
        description: 'Files that are collected.',
        resolve: ({ files }) => [...files],
      }),
      logStore: t.string({
        nullable: true,
        description: 'Name of the log store that it goes to; null where the collector chooses.',
        resolve: ({ logStore }) => logStore ?? null,
      }),
      retentionDays: t.int({
        nullable: true,
        description: 'For how many days it shall be kept; null: as the log store does.',
        resolve: ({ retentionDays }) => retentionDays ?? null,
      }),
    }),
  });
  builder.objectField(containerRef, 'logCollection', (t) =>
    t.field({
      type: logCollectionRef,
      nullable: true,
      description: 'What is collected of its logs, and for how long that is kept; null where nothing is.',
      resolve: ({ spec, annotations }) => logCollectionOf(annotations, spec.name) ?? null,
    }),
  );
}
