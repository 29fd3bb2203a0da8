import type { ReleaseTarget } from '../../engines/engine.ts';
import type { DeploymentSpec } from '../app-services/version-spec.ts';
import { type PreflightFinding, warning } from './finding.ts';

/** What a release makes of what runs. */
export interface ReleaseChange {
  readonly target: Pick<ReleaseTarget, 'upgradeMode' | 'units'>;
  readonly previous: Pick<ReleaseTarget, 'upgradeMode'> | null;
  readonly deployment: Pick<DeploymentSpec, 'grouping' | 'minGroups' | 'betaGroup'>;
  /** Why pods are made anew though the version asks for IN_PLACE; none where they are not. */
  readonly replacedBecause: readonly string[];
}

/** What its author may not expect of how pods are replaced and grouped (REL-07, REL-08, REL-29, REL-30). Pure. */
export function checkChange({
  target,
  previous,
  deployment,
  replacedBecause,
}: ReleaseChange): readonly PreflightFinding[] {
  const pods = target.units.reduce((total, { replicas }) => total + replicas, 0);
  const findings: PreflightFinding[] = [];
  if (previous && previous.upgradeMode !== target.upgradeMode) {
    const message = `The upgrade mode was ${previous.upgradeMode} and becomes ${target.upgradeMode}: there is a short outage`;
    findings.push(warning('MODE_SWITCHED', message));
  }
  if (previous && target.upgradeMode === 'IN_PLACE' && replacedBecause.length > 0) {
    findings.push(
      warning(
        'PODS_REPLACED',
        `Pods are made anew, though the version asks for IN_PLACE: ${replacedBecause.join('; ')}`,
      ),
    );
  }
  if (!previous || pods === 0) return findings;
  if (deployment.betaGroup && target.units.every(({ replicas }) => replicas <= 1)) {
    const where = target.units.length === 1 ? 'There is one pod only' : 'Each deployment unit has one pod only';
    findings.push(warning('BETA_IS_ALL', `${where}: the beta group is all of them`));
  }
  const inGroups = pods - (deployment.betaGroup ? target.units.filter(({ replicas }) => replicas > 0).length : 0);
  if (deployment.grouping === 'FAST' && inGroups > 0 && inGroups < deployment.minGroups) {
    const message = `${deployment.minGroups} groups are asked for, and there are pods for ${inGroups} beside the beta group`;
    findings.push(
      warning('FEWER_GROUPS', deployment.betaGroup ? message : message.replace(' beside the beta group', '')),
    );
  }
  return findings;
}
