import type { LongshoreBuilder } from 'longshore/sdk';
import { registerDepartment } from './department.ts';
import { registerDepartmentMutations } from './department-mutations.ts';
import { registerMember } from './member.ts';
import { registerMemberMutations } from './member-mutations.ts';
import { registerNamespaceBinding } from './namespace-binding.ts';
import { registerNamespaceBindingMutations } from './namespace-binding-mutations.ts';
import { registerNamespaceCandidates } from './namespace-candidates.ts';
import { registerNamespaceDefaults } from './namespace-defaults.ts';
import { registerProject } from './project.ts';
import { registerProjectMutations } from './project-mutations.ts';
import { registerQuota } from './quota.ts';
import { registerQuotaInput } from './quota-input.ts';
import { registerQuotaMutations } from './quota-mutations.ts';
import { registerRegion } from './region.ts';
import { registerWorkspace } from './workspace.ts';
import { registerWorkspaceMutations } from './workspace-mutations.ts';
import { registerWorkspaceNetwork } from './workspace-network.ts';

/** Workspaces, projects, departments, their members and namespaces. */
export function registerTenancy(builder: LongshoreBuilder): void {
  registerRegion(builder);
  registerMember(builder);
  registerNamespaceBinding(builder);
  registerWorkspace(builder);
  registerWorkspaceMutations(builder);
  registerWorkspaceNetwork(builder);
  registerProject(builder);
  registerProjectMutations(builder);
  registerDepartment(builder);
  registerDepartmentMutations(builder);
  registerMemberMutations(builder);
  registerNamespaceBindingMutations(builder);
  registerNamespaceCandidates(builder);
  registerNamespaceDefaults(builder);
  registerQuotaInput(builder);
  registerQuota(builder);
  registerQuotaMutations(builder);
}
