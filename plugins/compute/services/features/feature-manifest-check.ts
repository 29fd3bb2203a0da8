import type { ManifestCheck, ManifestMisfit, RequestContext, WrittenObject } from 'longshore/sdk';
import { valueAt } from '../rules/seen-workload.ts';
import { seenAs, workloadManifestCheck } from '../workload-manifests.ts';
import { featureSwitchesRef } from './cluster-features.ts';
import { featureNames, isFeatureOn, reasonOf, whyOff } from './feature-state.ts';
import { featureMarks, isUse } from './feature-uses.ts';

/** What is off in a cluster is not brought in, by form or YAML; what is there already stays (CMP-16). */
export const featureManifestCheck = {
  subjects: workloadManifestCheck.subjects,
  check(written: WrittenObject, context: RequestContext): readonly ManifestMisfit[] {
    const { cluster, kind, object, existing, profile } = written;
    const { podSpec } = seenAs(kind, object, profile);
    return featureNames.flatMap((name) => {
      const mark = featureMarks[name];
      const path = [...podSpec.slice(0, -1), 'metadata', mark.in, mark.key];
      const value = valueAt(object, path);
      if (!isUse(value) || value === valueAt(existing, path)) return [];
      if (isFeatureOn(name, context.service(featureSwitchesRef).of(cluster), profile)) return [];
      return [{ path, code: reasonOf[name].toLowerCase(), message: whyOff(name, cluster) }];
    });
  },
} satisfies ManifestCheck;
