import { type LongshoreBuilder, typeRef } from 'longshore/sdk';
import { applicationTypeRef, type WorkloadObject, workloadTypeRef } from '../../api.ts';
import { type LogCollection, logCollectionOf } from '../../services/log-collection-facts.ts';
import { templateOf } from '../../services/workload-facts.ts';
import { logCollectionRef } from '../log-collection.ts';
import { loadWorkloadsOfApplication } from './load-applications.ts';

/** What is collected of one container of an application. */
interface ApplicationLogCollection {
  readonly workload: WorkloadObject;
  readonly container: string;
  readonly collection: LogCollection;
}

/** Most containers that are told; who has more asks its workloads. */
const mostContainers = 1_000;

const applicationLogCollectionRef = typeRef<ApplicationLogCollection>('ApplicationLogCollection');

/** What is collected of an application's logs, for its detail (CMP-63). */
export function registerApplicationLogCollection(builder: LongshoreBuilder): void {
  builder.objectType(applicationLogCollectionRef, {
    description: 'What is collected of the logs of one container of an application.',
    fields: (t) => ({
      workload: t.field({
        type: workloadTypeRef,
        description: 'The workload whose pods have the container.',
        resolve: ({ workload }) => workload,
      }),
      container: t.exposeString('container', { description: 'Name of the container.' }),
      collection: t.field({
        type: logCollectionRef,
        description: 'What is collected of it, and for how long that is kept.',
        resolve: ({ collection }) => collection,
      }),
    }),
  });
  builder.objectField(applicationTypeRef, 'logCollections', (t) =>
    t.field({
      type: [applicationLogCollectionRef],
      description: `What is collected of the logs of its containers, of those workloads that you may see, with how long it is kept; ${mostContainers} containers at the most.`,
      resolve: async (application, _args, context) => {
        const { items } = await loadWorkloadsOfApplication(application, context);
        return items.flatMap(collectionsOf).slice(0, mostContainers);
      },
    }),
  );
}

function collectionsOf(workload: WorkloadObject): readonly ApplicationLogCollection[] {
  const { spec, metadata } = templateOf(workload) ?? {};
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(({ name: container }) => {
    const collection = logCollectionOf(metadata?.annotations, container);
    return collection ? [{ workload, container, collection }] : [];
  });
}
