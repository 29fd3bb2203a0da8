import { type LongshoreBuilder, named, nodeRef, RequestError, registerEnum, resolveNode, typeRef } from 'longshore/sdk';
import { appServiceVersionTypeRef } from '../../api.ts';
import { instanceOfAppService } from '../../services/app-services/app-services.ts';
import { type PreflightFinding, preflightErrors, preflightWarnings } from '../../services/preflight/finding.ts';
import { preflightOfVersion } from '../../services/preflight/preflight-of-version.ts';
import { loadServiceOf } from '../app-services/load-app-services.ts';

const findingRef = typeRef<PreflightFinding>('PreflightFinding');

/** What speaks against a release, before it is made (REL-18). */
export function registerPreflight(builder: LongshoreBuilder): void {
  registerEnum(builder, 'PreflightSeverity', 'What a finding means for a release.', {
    ERROR: 'It blocks the release.',
    WARNING: 'It has to be acknowledged, by the member of `WarningCode` of the same name.',
  });
  registerEnum(builder, 'PreflightCode', 'What a pre-flight can find.', { ...preflightErrors, ...preflightWarnings });
  builder.objectType(findingRef, {
    description: 'One thing that a pre-flight has found against a release.',
    fields: (t) => ({
      severity: t.field({
        type: named('PreflightSeverity'),
        description: 'Whether it blocks the release.',
        resolve: ({ severity }) => severity as never,
      }),
      code: t.field({
        type: named('PreflightCode'),
        description: 'What it is, for programs.',
        resolve: ({ code }) => code as never,
      }),
      message: t.exposeString('message', { description: 'What it is, in a sentence with names and amounts.' }),
      unit: t.string({
        nullable: true,
        description: 'Deployment unit that it is about; null for the whole app service.',
        resolve: ({ unit }) => unit ?? null,
      }),
      subject: t.field({
        type: nodeRef,
        nullable: true,
        description: 'The object that it is about, where there is one and you may see it.',
        resolve: ({ subjectId }, _args, context) =>
          (subjectId === undefined ? null : resolveNode(subjectId, context)) as never,
      }),
    }),
  });
  builder.objectField(appServiceVersionTypeRef, 'preflight', (t) =>
    t.field({
      type: [findingRef],
      nullable: true,
      description:
        'What speaks against releasing this version now, errors first: quotas with the surge, room on the nodes of each deployment unit, what its pods name, images, policies by the dry run of a pod, who else writes its workloads, and what a release would do that one may not expect (REL-08, REL-18). The cluster is asked each time, so select it for one version. Needs the right to UPDATE the app service; null where that is gone.',
      resolve: async (version, _args, context) => {
        const service = await loadServiceOf(version, context);
        if (!service) return null;
        if (!context.access.allowed('UPDATE', instanceOfAppService(service))) {
          throw new RequestError('FORBIDDEN', `You may not release app service '${service.name}'`);
        }
        return [...(await preflightOfVersion(service, version, context))];
      },
    }),
  );
}
