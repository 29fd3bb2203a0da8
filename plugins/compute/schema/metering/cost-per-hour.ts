import { type FieldBuilder, type KubeObject, type MutationSuccess, origin } from 'longshore/sdk';
import { metersOf } from '../../services/metering/estimate.ts';
import { usageReportsRef } from '../../services/metering/usage-reports.ts';
import { costRef } from './metering-types.ts';

/** What the workload that a mutation answers with will cost: a dry run tells before anything is made or changed (CMP-114, EDG-18). */
export function costPerHourField<T>(t: FieldBuilder<MutationSuccess<T>>, objectOf: (value: T) => KubeObject) {
  return t.field({
    type: costRef,
    nullable: true,
    description:
      'What its pods will cost for an hour once all of them run, by the present rate of the cluster (EDG-18): a dry run tells before anything is made or changed. Null where there is no rate, and of DaemonSets and CronJobs, whose pods depend on nodes and times.',
    resolve: ({ value }, _args, context) => {
      const object = objectOf(value);
      const meters = metersOf(object);
      if (!meters) return null;
      const reports = context.service(usageReportsRef);
      const at = context.clock.now();
      return reports.costPerHour(object[origin].cluster, meters.millicores, meters.memoryKib, at) ?? null;
    },
  });
}
