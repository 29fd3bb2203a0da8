import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  type Cluster,
  clusterRef,
  type LongshoreBuilder,
  named,
  parseGlobalId,
  type RequestContext,
  RequestError,
} from 'longshore/sdk';
import {
  type UsageDimension,
  type UsageInterval,
  type UsagePlace,
  usageReportsRef,
} from '../../services/metering/usage-reports.ts';
import { measuredNamespaces } from '../../services/metrics/measured-namespaces.ts';
import { namespacesMade } from '../../services/read-namespaces.ts';
import { registerMeteringTypes, type ShownReport, usageReportRef } from './metering-types.ts';

interface ReportArguments {
  readonly from: Date | string;
  readonly to?: Date | string | null;
  readonly by?: readonly UsageDimension[] | null;
  readonly interval?: UsageInterval | null;
  readonly namespaces?: readonly string[] | null;
  readonly applicationId?: string | null;
  readonly workspaceId?: string | null;
  readonly projectId?: string | null;
}

const dayMs = 86_400_000;
/** The longest time that is told by each interval, in days. */
const spanDays = { HOUR: 31, DAY: 400, MONTH: 3_660 } as const;

/** What pods are metered for (CMP-114), as far as the caller may see it. */
export function registerMetering(builder: LongshoreBuilder): void {
  registerMeteringTypes(builder);
  builder.objectField(clusterRef, 'usageReport', (t) => {
    const arg = t.arg as unknown as (options: object) => never;
    return t.field({
      type: usageReportRef,
      nullable: true,
      description:
        'vCPU and memory that its pods had set aside for them, by the second, in hours of UTC, the present one as far as it has been metered; of all its pods for who may read the metrics of all, else of those in your own namespaces since they are theirs, as `scope` says. Cost where `pluginSettings.compute.prices` has rates.',
      args: {
        from: arg({ type: 'DateTime', required: true, description: 'Hours that begin at it or later.' }),
        to: arg({ type: 'DateTime', description: 'Hours that begin before it; now where it is not set.' }),
        by: arg({ type: [named('UsageDimension')], description: 'By what it is told apart; all together without it.' }),
        interval: arg({
          type: named('UsageInterval'),
          description:
            'By which times: HOUR over at most 31 days, DAY over 400, MONTH over 3,660; all of it without it.',
        }),
        namespaces: arg({ type: ['String'], description: 'Only of these namespaces, at most 500.' }),
        applicationId: arg({ type: 'ID', description: 'Only of the application with this global id.' }),
        workspaceId: arg({ type: 'ID', description: 'Only of the workspace with this global id.' }),
        projectId: arg({ type: 'ID', description: 'Only of the project with this global id.' }),
      } as never,
      resolve: (cluster: Cluster, args: unknown, context: RequestContext) => report(cluster, args as never, context),
    } as never);
  });
}

async function report({ name }: Cluster, args: ReportArguments, context: RequestContext): Promise<ShownReport> {
  const fromMs = new Date(args.from).getTime();
  const toMs = args.to ? new Date(args.to).getTime() : context.clock.now();
  const { interval, namespaces } = args;
  if (fromMs >= toMs) throw new RequestError('BAD_USER_INPUT', 'from: it must be before `to`');
  const most = spanDays[interval ?? 'MONTH'];
  if (toMs - fromMs > most * dayMs) {
    throw new RequestError(
      'BAD_USER_INPUT',
      `from: at most ${most} days are told at once${interval ? ` by the ${interval}` : ''}`,
    );
  }
  if ((namespaces?.length ?? 0) > 500) throw new RequestError('BAD_USER_INPUT', 'namespaces: at most 500');
  const only = {
    namespaces: namespaces ?? undefined,
    applicationUuid: uuidOf('applicationId', 'compute', 'Application', args.applicationId),
    workspaceUuid: uuidOf('workspaceId', 'core', 'Workspace', args.workspaceId),
    projectUuid: uuidOf('projectId', 'core', 'Project', args.projectId),
  };
  const open = await measuredNamespaces(name, context);
  const places = open === 'ALL' ? undefined : await placesOf(name, open, context);
  const by = [...new Set(args.by ?? [])];
  const question = { cluster: name, fromMs, toMs, by, interval: interval ?? undefined, places, only };
  const found = await context.service(usageReportsRef).report(question);
  return { ...found, scope: open === 'ALL' ? 'CLUSTER' : 'NAMESPACES' };
}

/** What was before a namespace was made, or while it was somebody else's, is not the caller's. */
async function placesOf(cluster: string, names: readonly string[], context: RequestContext): Promise<UsagePlace[]> {
  const tenancy = context.service(tenancyServiceRef);
  const made = await namespacesMade(cluster, names, context);
  return [...made].map(([namespace, sinceMs]) => {
    const { workspaceUuid = null, projectUuid = null } = tenancy.bindingOf(cluster, namespace) ?? {};
    return { namespace, sinceMs, workspaceUuid, projectUuid };
  });
}

function uuidOf(argument: string, plugin: string, type: string, id: string | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined;
  const parsed = parseGlobalId(String(id));
  const isRow = parsed?.of === 'row' && parsed.plugin === plugin && parsed.type === type;
  if (isRow && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(parsed.key)) return parsed.key;
  throw new RequestError('BAD_USER_INPUT', `${argument}: it is no global id of a ${type}`);
}
