/**
 * What the client library's models do not say of the served types, by type and field, as the API's own markers have it
 * (`listType`, `listMapKey`, `mapType`, `patchStrategy`, `patchMergeKey`, `default`, `enum`; API conventions, "Merge
 * strategy" of server-side apply). One part per field, its tokens behind it; `@` is the type itself:
 *
 * - `atomic`, `set`, `map(key,…)`: how apply sees a list, or an object where it is atomic
 * - `merge(key)`, `merge`, `replace`, `retainKeys`: how strategic merge patch treats it; `merge` without a key is a list of scalars
 * - `:type` where the model is vaguer, `optional` or `required` where it is wrong
 * - `=json` the default; `nodefault` where a required field has none
 * - `enum(a|b)` the allowed values; `union(discriminator:field,…)`
 *
 * Types that the library lacks are written out with all their fields.
 */
export const typeMarkers: Readonly<Record<string, string>> = {
  'admissionregistration/v1.MatchResources': `
    @ atomic; excludeResourceRules atomic; matchPolicy enum(Equivalent|Exact); resourceRules atomic
  `,
  'admissionregistration/v1.MutatingAdmissionPolicy': 'spec ={}',
  'admissionregistration/v1.MutatingAdmissionPolicyBinding': 'spec ={}',
  'admissionregistration/v1.MutatingAdmissionPolicySpec': `
    failurePolicy enum(Fail|Ignore); matchConditions map(name) merge(name); mutations atomic;
    reinvocationPolicy enum(IfNeeded|Never); variables atomic
  `,
  'admissionregistration/v1.MutatingWebhook': `
    admissionReviewVersions atomic; failurePolicy enum(Fail|Ignore); matchConditions map(name) merge(name);
    matchPolicy enum(Equivalent|Exact); reinvocationPolicy enum(IfNeeded|Never); rules atomic;
    sideEffects nodefault enum(None|NoneOnDryRun|Some|Unknown)
  `,
  'admissionregistration/v1.MutatingWebhookConfiguration': 'webhooks map(name) merge(name)',
  'admissionregistration/v1.Mutation': 'patchType enum(ApplyConfiguration|JSONPatch)',
  'admissionregistration/v1.NamedRuleWithOperations': `
    @ atomic; apiGroups atomic; apiVersions atomic; operations atomic enum(*|CONNECT|CREATE|DELETE|UPDATE);
    resourceNames atomic; resources atomic; scope enum(*|Cluster|Namespaced)
  `,
  'admissionregistration/v1.ParamKind': '@ atomic',
  'admissionregistration/v1.ParamRef': '@ atomic',
  'admissionregistration/v1.RuleWithOperations': `
    apiGroups atomic; apiVersions atomic; operations atomic enum(*|CONNECT|CREATE|DELETE|UPDATE); resources atomic;
    scope enum(*|Cluster|Namespaced)
  `,
  'admissionregistration/v1.TypeChecking': 'expressionWarnings atomic',
  'admissionregistration/v1.ValidatingAdmissionPolicy': 'spec ={}; status ={}',
  'admissionregistration/v1.ValidatingAdmissionPolicyBindingSpec': `
    policyName nodefault; validationActions set enum(Audit|Deny|Warn)
  `,
  'admissionregistration/v1.ValidatingAdmissionPolicySpec': `
    auditAnnotations atomic; failurePolicy enum(Fail|Ignore); matchConditions map(name) merge(name);
    validations atomic; variables map(name) merge(name)
  `,
  'admissionregistration/v1.ValidatingAdmissionPolicyStatus': 'conditions map(type)',
  'admissionregistration/v1.ValidatingWebhook': `
    admissionReviewVersions atomic; failurePolicy enum(Fail|Ignore); matchConditions map(name) merge(name);
    matchPolicy enum(Equivalent|Exact); rules atomic; sideEffects nodefault enum(None|NoneOnDryRun|Some|Unknown)
  `,
  'admissionregistration/v1.ValidatingWebhookConfiguration': 'webhooks map(name) merge(name)',
  'admissionregistration/v1.Variable': '@ atomic',
  'apps/v1.ControllerRevision': 'data :raw',
  'apps/v1.DaemonSet': 'spec ={}; status ={}',
  'apps/v1.DaemonSetSpec': 'selector nodefault; updateStrategy ={}',
  'apps/v1.DaemonSetStatus': 'conditions map(type) merge(type)',
  'apps/v1.DaemonSetUpdateStrategy': 'type enum(OnDelete|RollingUpdate)',
  'apps/v1.Deployment': 'spec ={}; status ={}',
  'apps/v1.DeploymentSpec': 'selector nodefault; strategy ={} retainKeys',
  'apps/v1.DeploymentStatus': 'conditions map(type) merge(type)',
  'apps/v1.DeploymentStrategy': 'type enum(Recreate|RollingUpdate)',
  'apps/v1.ReplicaSet': 'spec ={}; status ={}',
  'apps/v1.ReplicaSetSpec': 'selector nodefault; template ={}',
  'apps/v1.ReplicaSetStatus': 'conditions map(type) merge(type)',
  'apps/v1.StatefulSet': 'spec ={}; status ={}',
  'apps/v1.StatefulSetOrdinals': 'start =0',
  'apps/v1.StatefulSetSpec': `
    podManagementPolicy enum(OrderedReady|Parallel); selector nodefault; serviceName =""; updateStrategy ={};
    volumeClaimTemplates atomic
  `,
  'apps/v1.StatefulSetStatus': 'availableReplicas =0; conditions map(type) merge(type)',
  'apps/v1.StatefulSetUpdateStrategy': 'type enum(OnDelete|RollingUpdate)',
  'authentication/v1.SelfSubjectReview': 'status ={}',
  'authentication/v1.SelfSubjectReviewStatus': 'userInfo ={}',
  'authentication/v1.TokenRequest': 'spec ={}; status ={}',
  'authentication/v1.TokenRequestSpec': 'audiences atomic',
  'authentication/v1.TokenRequestStatus': 'token =""',
  'authentication/v1.TokenReview': 'status ={}',
  'authentication/v1.TokenReviewSpec': 'audiences atomic; token nodefault',
  'authentication/v1.TokenReviewStatus': 'audiences atomic; user ={}',
  'authentication/v1.UserInfo': 'groups atomic',
  'authorization/v1.FieldSelectorAttributes': 'requirements atomic',
  'authorization/v1.LabelSelectorAttributes': 'requirements atomic',
  'authorization/v1.LocalSubjectAccessReview': 'status ={}',
  'authorization/v1.NonResourceRule': 'nonResourceURLs atomic; verbs atomic',
  'authorization/v1.ResourceRule': 'apiGroups atomic; resourceNames atomic; resources atomic; verbs atomic',
  'authorization/v1.SelfSubjectAccessReview': 'status ={}',
  'authorization/v1.SelfSubjectRulesReview': 'status ={}',
  'authorization/v1.SubjectAccessReview': 'status ={}',
  'authorization/v1.SubjectAccessReviewSpec': 'groups atomic',
  'authorization/v1.SubjectRulesReviewStatus': 'nonResourceRules atomic; resourceRules atomic',
  'autoscaling/v1.CrossVersionObjectReference': '@ atomic',
  'autoscaling/v1.HorizontalPodAutoscaler': 'status ={}',
  'autoscaling/v1.Scale': 'spec ={}; status ={}',
  'autoscaling/v1.ScaleSpec': 'replicas =0',
  'autoscaling/v2.HPAScalingRules': 'policies atomic; tolerance :quantity',
  'autoscaling/v2.HorizontalPodAutoscaler': 'status ={}',
  'autoscaling/v2.HorizontalPodAutoscalerSpec': 'metrics atomic',
  'autoscaling/v2.HorizontalPodAutoscalerStatus': 'conditions map(type) merge(type); currentMetrics atomic',
  'autoscaling/v2.MetricTarget': 'averageValue :quantity; value :quantity',
  'autoscaling/v2.MetricValueStatus': 'averageValue :quantity; value :quantity',
  'batch/v1.CronJob': 'status ={}',
  'batch/v1.CronJobSpec': 'concurrencyPolicy enum(Allow|Forbid|Replace)',
  'batch/v1.CronJobStatus': 'active atomic',
  'batch/v1.Job': 'spec ={}; status ={}',
  'batch/v1.JobSpec': 'completionMode enum(Indexed|NonIndexed); podReplacementPolicy enum(Failed|TerminatingOrFailed)',
  'batch/v1.JobStatus': 'conditions atomic merge(type)',
  'batch/v1.JobTemplateSpec': 'spec ={}',
  'batch/v1.PodFailurePolicy': 'rules atomic',
  'batch/v1.PodFailurePolicyOnExitCodesRequirement': 'operator enum(In|NotIn); values set',
  'batch/v1.PodFailurePolicyOnPodConditionsPattern': 'status =""',
  'batch/v1.PodFailurePolicyRule': 'action enum(Count|FailIndex|FailJob|Ignore); onPodConditions atomic',
  'batch/v1.SuccessPolicy': 'rules atomic',
  'batch/v1.UncountedTerminatedPods': 'failed set; succeeded set',
  'certificates/v1.CertificateSigningRequest': 'status ={}',
  'certificates/v1.CertificateSigningRequestSpec': `
    groups atomic;
    usages atomic enum(any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping)
  `,
  'certificates/v1.CertificateSigningRequestStatus': 'conditions map(type)',
  'coordination/v1.Lease': 'spec ={}',
  'core/v1.AppArmorProfile': '@ union(type:localhostProfile); type enum(Localhost|RuntimeDefault|Unconfined)',
  'core/v1.AzureDiskVolumeSource': `
    cachingMode ="ReadWrite" enum(None|ReadOnly|ReadWrite); fsType ="ext4";
    kind ="Shared" enum(Dedicated|Managed|Shared); readOnly =false
  `,
  'core/v1.Capabilities': 'add atomic; drop atomic',
  'core/v1.CephFSPersistentVolumeSource': 'monitors atomic',
  'core/v1.CephFSVolumeSource': 'monitors atomic',
  'core/v1.ComponentStatus': 'conditions map(type) merge(type)',
  'core/v1.ConfigMapEnvSource': 'name =""',
  'core/v1.ConfigMapKeySelector': '@ atomic; name =""',
  'core/v1.ConfigMapProjection': 'items atomic; name =""',
  'core/v1.ConfigMapVolumeSource': 'items atomic; name =""',
  'core/v1.Container': `
    args atomic; command atomic; env map(name) merge(name); envFrom atomic;
    imagePullPolicy enum(Always|IfNotPresent|Never); ports map(containerPort,protocol) merge(containerPort);
    resizePolicy atomic; resources ={}; restartPolicyRules atomic;
    terminationMessagePolicy enum(FallbackToLogsOnError|File); volumeDevices map(devicePath) merge(devicePath);
    volumeMounts map(mountPath) merge(mountPath)
  `,
  'core/v1.ContainerImage': 'names atomic',
  'core/v1.ContainerPort': 'protocol ="TCP" enum(SCTP|TCP|UDP)',
  'core/v1.ContainerRestartRule': 'action nodefault',
  'core/v1.ContainerRestartRuleOnExitCodes': 'operator nodefault; values set',
  'core/v1.ContainerStatus': `
    allocatedResources :{}quantity; allocatedResourcesStatus map(name) merge(name); lastState ={}; state ={};
    stopSignal enum(SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ);
    volumeMounts map(mountPath) merge(mountPath)
  `,
  'core/v1.DownwardAPIProjection': 'items atomic',
  'core/v1.DownwardAPIVolumeSource': 'items atomic',
  'core/v1.EmptyDirVolumeSource': 'sizeLimit :quantity',
  'core/v1.EndpointAddress': '@ atomic',
  'core/v1.EndpointPort': '@ atomic; protocol enum(SCTP|TCP|UDP)',
  'core/v1.EndpointSubset': 'addresses atomic; notReadyAddresses atomic; ports atomic',
  'core/v1.Endpoints': 'subsets atomic',
  'core/v1.EphemeralContainer': `
    args atomic; command atomic; env map(name) merge(name); envFrom atomic;
    imagePullPolicy enum(Always|IfNotPresent|Never); ports map(containerPort,protocol) merge(containerPort);
    resizePolicy atomic; resources ={}; restartPolicyRules atomic;
    terminationMessagePolicy enum(FallbackToLogsOnError|File); volumeDevices map(devicePath) merge(devicePath);
    volumeMounts map(mountPath) merge(mountPath)
  `,
  'core/v1.Event': 'reportingComponent =""; reportingInstance =""; source ={}',
  'core/v1.ExecAction': 'command atomic',
  'core/v1.FCVolumeSource': 'targetWWNs atomic; wwids atomic',
  'core/v1.FileKeySelector': '@ atomic; optional =false',
  'core/v1.GRPCAction': 'service =""',
  'core/v1.HTTPGetAction': 'httpHeaders atomic; scheme enum(HTTP|HTTPS)',
  'core/v1.HostAlias': 'hostnames atomic',
  'core/v1.HostPathVolumeSource': `
    type enum(|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket)
  `,
  'core/v1.ISCSIPersistentVolumeSource': 'iscsiInterface ="default"; portals atomic',
  'core/v1.ISCSIVolumeSource': 'iscsiInterface ="default"; portals atomic',
  'core/v1.ImageVolumeSource': 'pullPolicy enum(Always|IfNotPresent|Never)',
  'core/v1.ImageVolumeStatus': 'imageRef nodefault',
  'core/v1.Lifecycle': `

    stopSignal enum(SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ)
  `,
  'core/v1.LimitRange': 'spec ={}',
  'core/v1.LimitRangeItem': `
    default :{}quantity; defaultRequest :{}quantity; max :{}quantity; maxLimitRequestRatio :{}quantity;
    min :{}quantity
  `,
  'core/v1.LimitRangeSpec': 'limits atomic',
  'core/v1.LinuxContainerUser': 'supplementalGroups atomic',
  'core/v1.LoadBalancerIngress': 'ports atomic',
  'core/v1.LoadBalancerStatus': 'ingress atomic',
  'core/v1.LocalObjectReference': '@ atomic; name =""',
  'core/v1.ModifyVolumeStatus': 'status enum(InProgress|Infeasible|Pending)',
  'core/v1.Namespace': 'spec ={}; status ={}',
  'core/v1.NamespaceSpec': 'finalizers atomic',
  'core/v1.NamespaceStatus': 'conditions map(type) merge(type); phase enum(Active|Terminating)',
  'core/v1.Node': 'spec ={}; status ={}',
  'core/v1.NodeAffinity': 'preferredDuringSchedulingIgnoredDuringExecution atomic',
  'core/v1.NodeAllocatableResourceClaimStatus': 'containers set; resources :{}quantity',
  'core/v1.NodeDaemonEndpoints': 'kubeletEndpoint ={}',
  'core/v1.NodeRuntimeHandler': 'name =""',
  'core/v1.NodeSelector': '@ atomic; nodeSelectorTerms atomic',
  'core/v1.NodeSelectorRequirement': 'operator enum(DoesNotExist|Exists|Gt|In|Lt|NotIn); values atomic',
  'core/v1.NodeSelectorTerm': '@ atomic; matchExpressions atomic; matchFields atomic',
  'core/v1.NodeSpec': 'podCIDRs set merge; taints atomic',
  'core/v1.NodeStatus': `
    addresses map(type) merge(type); allocatable :{}quantity; capacity :{}quantity;
    conditions map(type) merge(type); daemonEndpoints ={}; declaredFeatures atomic; images atomic; nodeInfo ={};
    phase enum(Pending|Running|Terminated); runtimeHandlers atomic; volumesAttached atomic; volumesInUse atomic
  `,
  'core/v1.ObjectFieldSelector': '@ atomic',
  'core/v1.ObjectReference': '@ atomic',
  'core/v1.PersistentVolume': 'spec ={}; status ={}',
  'core/v1.PersistentVolumeClaim': 'spec ={}; status ={}',
  'core/v1.PersistentVolumeClaimSpec': `
    accessModes atomic enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod); resources ={};
    volumeMode enum(Block|Filesystem)
  `,
  'core/v1.PersistentVolumeClaimStatus': `
    accessModes atomic enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod);
    allocatedResourceStatuses granular; allocatedResources :{}quantity; capacity :{}quantity;
    conditions map(type) merge(type); phase enum(Bound|Lost|Pending)
  `,
  'core/v1.PersistentVolumeSpec': `
    accessModes atomic enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod); capacity :{}quantity;
    claimRef granular; mountOptions atomic; persistentVolumeReclaimPolicy enum(Delete|Recycle|Retain);
    volumeMode enum(Block|Filesystem)
  `,
  'core/v1.PersistentVolumeStatus': 'phase enum(Available|Bound|Failed|Pending|Released)',
  'core/v1.Pod': 'spec ={}; status ={}',
  'core/v1.PodAffinity': `
    preferredDuringSchedulingIgnoredDuringExecution atomic; requiredDuringSchedulingIgnoredDuringExecution atomic
  `,
  'core/v1.PodAffinityTerm': 'matchLabelKeys atomic; mismatchLabelKeys atomic; namespaces atomic',
  'core/v1.PodAntiAffinity': `
    preferredDuringSchedulingIgnoredDuringExecution atomic; requiredDuringSchedulingIgnoredDuringExecution atomic
  `,
  'core/v1.PodCertificateProjection': 'keyType nodefault; signerName nodefault',
  'core/v1.PodDNSConfig': 'nameservers atomic; options atomic; searches atomic',
  'core/v1.PodExtendedResourceClaimStatus': 'requestMappings atomic',
  'core/v1.PodSchedulingGroup': '@ union(:podGroupName)',
  'core/v1.PodSecurityContext': `
    fsGroupChangePolicy enum(Always|OnRootMismatch); supplementalGroups atomic;
    supplementalGroupsPolicy enum(Merge|Strict); sysctls atomic
  `,
  'core/v1.PodSpec': `
    containers map(name) merge(name); dnsPolicy enum(ClusterFirst|ClusterFirstWithHostNet|Default|None);
    ephemeralContainers map(name) merge(name); hostAliases map(ip) merge(ip);
    imagePullSecrets map(name) merge(name); initContainers map(name) merge(name); nodeSelector atomic;
    overhead :{}quantity; preemptionPolicy enum(Never|PreemptLowerPriority); readinessGates atomic;
    resourceClaims map(name) merge(name) retainKeys; restartPolicy enum(Always|Never|OnFailure);
    schedulingGates map(name) merge(name); tolerations atomic;
    topologySpreadConstraints map(topologyKey,whenUnsatisfiable) merge(topologyKey);
    volumes map(name) merge(name) retainKeys
  `,
  'core/v1.PodStatus': `
    allocatedResources :{}quantity; conditions map(type) merge(type); containerStatuses atomic;
    ephemeralContainerStatuses atomic; hostIPs atomic merge(ip); initContainerStatuses atomic;
    nodeAllocatableResourceClaimStatuses atomic; phase enum(Failed|Pending|Running|Succeeded|Unknown);
    podIPs map(ip) merge(ip); qosClass enum(BestEffort|Burstable|Guaranteed);
    resourceClaimStatuses map(name) merge(name) retainKeys
  `,
  'core/v1.PodTemplate': 'template ={}',
  'core/v1.PodTemplateSpec': 'spec ={}',
  'core/v1.PortStatus': 'protocol enum(SCTP|TCP|UDP)',
  'core/v1.ProjectedVolumeSource': 'sources atomic',
  'core/v1.RBDPersistentVolumeSource': 'keyring ="/etc/ceph/keyring"; monitors atomic; pool ="rbd"; user ="admin"',
  'core/v1.RBDVolumeSource': 'keyring ="/etc/ceph/keyring"; monitors atomic; pool ="rbd"; user ="admin"',
  'core/v1.ReplicationController': 'spec ={}; status ={}',
  'core/v1.ReplicationControllerSpec': 'minReadySeconds =0; replicas =1; selector atomic',
  'core/v1.ReplicationControllerStatus': 'conditions map(type) merge(type)',
  'core/v1.ResourceFieldSelector': '@ atomic; divisor :quantity',
  'core/v1.ResourceQuota': 'spec ={}; status ={}',
  'core/v1.ResourceQuotaSpec': `
    hard :{}quantity;
    scopes atomic enum(BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass)
  `,
  'core/v1.ResourceQuotaStatus': 'hard :{}quantity; used :{}quantity',
  'core/v1.ResourceRequirements': 'claims map(name); limits :{}quantity; requests :{}quantity',
  'core/v1.ResourceStatus': 'resources map(resourceID)',
  'core/v1.ScaleIOPersistentVolumeSource': 'fsType ="xfs"; secretRef nodefault; storageMode ="ThinProvisioned"',
  'core/v1.ScaleIOVolumeSource': 'fsType ="xfs"; secretRef nodefault; storageMode ="ThinProvisioned"',
  'core/v1.ScopeSelector': '@ atomic; matchExpressions atomic',
  'core/v1.ScopedResourceSelectorRequirement': `
    operator enum(DoesNotExist|Exists|In|NotIn);
    scopeName enum(BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass);
    values atomic
  `,
  'core/v1.SeccompProfile': '@ union(type:localhostProfile); type enum(Localhost|RuntimeDefault|Unconfined)',
  'core/v1.SecretEnvSource': 'name =""',
  'core/v1.SecretKeySelector': '@ atomic; name =""',
  'core/v1.SecretProjection': 'items atomic; name =""',
  'core/v1.SecretReference': '@ atomic',
  'core/v1.SecretVolumeSource': 'items atomic',
  'core/v1.SecurityContext': 'procMount enum(Default|Unmasked)',
  'core/v1.Service': 'spec ={}; status ={}',
  'core/v1.ServiceAccount': 'imagePullSecrets atomic; secrets map(name) merge(name)',
  'core/v1.ServicePort': 'protocol ="TCP" enum(SCTP|TCP|UDP)',
  'core/v1.ServiceSpec': `
    clusterIPs atomic; externalIPs atomic; externalTrafficPolicy enum(Cluster|Local);
    internalTrafficPolicy enum(Cluster|Local); ipFamilies atomic enum(|IPv4|IPv6);
    ipFamilyPolicy enum(PreferDualStack|RequireDualStack|SingleStack); loadBalancerSourceRanges atomic;
    ports map(port,protocol) merge(port); selector atomic; sessionAffinity enum(ClientIP|None);
    type enum(ClusterIP|ExternalName|LoadBalancer|NodePort)
  `,
  'core/v1.ServiceStatus': 'conditions map(type) merge(type); loadBalancer ={}',
  'core/v1.Taint': 'effect enum(NoExecute|NoSchedule|PreferNoSchedule)',
  'core/v1.Toleration': 'effect enum(NoExecute|NoSchedule|PreferNoSchedule); operator enum(Equal|Exists|Gt|Lt)',
  'core/v1.TopologySelectorLabelRequirement': 'values atomic',
  'core/v1.TopologySelectorTerm': '@ atomic; matchLabelExpressions atomic',
  'core/v1.TopologySpreadConstraint': `
    matchLabelKeys atomic; nodeAffinityPolicy enum(Honor|Ignore); nodeTaintsPolicy enum(Honor|Ignore);
    whenUnsatisfiable enum(DoNotSchedule|ScheduleAnyway)
  `,
  'core/v1.TypedLocalObjectReference': '@ atomic',
  'core/v1.VolumeMount': 'mountPropagation enum(Bidirectional|HostToContainer|None)',
  'core/v1.VolumeResourceRequirements': 'limits :{}quantity; requests :{}quantity',
  'discovery/v1.Endpoint': 'addresses set; conditions ={}',
  'discovery/v1.EndpointHints': 'forNodes atomic; forZones atomic',
  'discovery/v1.EndpointPort': '@ atomic; protocol enum(SCTP|TCP|UDP)',
  'discovery/v1.EndpointSlice': 'addressType enum(FQDN|IPv4|IPv6); endpoints atomic; ports atomic',
  'events/v1.Event': 'deprecatedSource ={}; regarding ={}',
  'networking/v1.HTTPIngressPath': 'pathType nodefault enum(Exact|ImplementationSpecific|Prefix)',
  'networking/v1.HTTPIngressRuleValue': 'paths atomic',
  'networking/v1.IPAddressSpec': 'parentRef nodefault',
  'networking/v1.IPBlock': 'except atomic',
  'networking/v1.Ingress': 'spec ={}; status ={}',
  'networking/v1.IngressClass': 'spec ={}',
  'networking/v1.IngressLoadBalancerIngress': 'ports atomic',
  'networking/v1.IngressLoadBalancerStatus': 'ingress atomic',
  'networking/v1.IngressPortStatus': 'protocol enum(SCTP|TCP|UDP)',
  'networking/v1.IngressServiceBackend': 'port ={}',
  'networking/v1.IngressSpec': 'rules atomic; tls atomic',
  'networking/v1.IngressStatus': 'loadBalancer ={}',
  'networking/v1.IngressTLS': 'hosts atomic',
  'networking/v1.NetworkPolicy': 'spec ={}',
  'networking/v1.NetworkPolicyEgressRule': 'ports atomic; to atomic',
  'networking/v1.NetworkPolicyIngressRule': 'from atomic; ports atomic',
  'networking/v1.NetworkPolicyPort': 'protocol enum(SCTP|TCP|UDP)',
  'networking/v1.NetworkPolicySpec': `
    egress atomic; ingress atomic; podSelector ={}; policyTypes atomic enum(Egress|Ingress)
  `,
  'networking/v1.ParentReference': 'name nodefault; resource nodefault',
  'networking/v1.ServiceBackendPort': '@ atomic',
  'networking/v1.ServiceCIDR': 'spec ={}; status ={}',
  'networking/v1.ServiceCIDRSpec': 'cidrs atomic',
  'networking/v1.ServiceCIDRStatus': 'conditions map(type) merge(type)',
  'node/v1.Overhead': 'podFixed :{}quantity',
  'node/v1.Scheduling': 'nodeSelector atomic; tolerations atomic',
  'policy/v1.PodDisruptionBudget': 'spec ={}; status ={}',
  'policy/v1.PodDisruptionBudgetSpec': 'selector replace; unhealthyPodEvictionPolicy enum(AlwaysAllow|IfHealthyBudget)',
  'policy/v1.PodDisruptionBudgetStatus': `
    conditions map(type) merge(type); currentHealthy =0; desiredHealthy =0; disruptionsAllowed =0; expectedPods =0
  `,
  'rbac/v1.AggregationRule': 'clusterRoleSelectors atomic',
  'rbac/v1.ClusterRole': 'rules atomic',
  'rbac/v1.ClusterRoleBinding': 'subjects atomic',
  'rbac/v1.PolicyRule': `
    apiGroups atomic; nonResourceURLs atomic; resourceNames atomic; resources atomic; verbs atomic
  `,
  'rbac/v1.Role': 'rules atomic',
  'rbac/v1.RoleBinding': 'subjects atomic',
  'rbac/v1.RoleRef': '@ atomic; apiGroup =""',
  'rbac/v1.Subject': '@ atomic',
  'scheduling/v1.PriorityClass': 'preemptionPolicy enum(Never|PreemptLowerPriority); value =0',
  'storage/v1.CSIDriverSpec': 'tokenRequests atomic; volumeLifecycleModes set',
  'storage/v1.CSINodeDriver': 'topologyKeys atomic',
  'storage/v1.CSINodeSpec': 'drivers map(name) merge(name)',
  'storage/v1.CSIStorageCapacity': 'capacity :quantity; maximumVolumeSize :quantity',
  'storage/v1.StorageClass': `
    allowedTopologies atomic; mountOptions atomic;
    reclaimPolicy enum(Delete|Recycle|Retain); volumeBindingMode enum(Immediate|WaitForFirstConsumer)
  `,
  'storage/v1.VolumeAttachment': 'status ={}',
  'apiextensions/v1.CustomResourceDefinition': 'status ={}',
  'apiextensions/v1.CustomResourceDefinitionNames': 'categories atomic; shortNames atomic',
  'apiextensions/v1.CustomResourceDefinitionSpec': 'versions atomic',
  'apiextensions/v1.CustomResourceDefinitionStatus': 'acceptedNames ={}; conditions map(type); storedVersions atomic',
  'apiextensions/v1.CustomResourceDefinitionVersion': 'additionalPrinterColumns atomic; selectableFields atomic',
  'apiextensions/v1.CustomResourceSubresources': 'status :apiextensions/v1.CustomResourceSubresourceStatus',
  'apiextensions/v1.JSONSchemaProps': `
    additionalItems :apiextensions/v1.JSONSchemaPropsOrBool;
    additionalProperties :apiextensions/v1.JSONSchemaPropsOrBool; allOf atomic; anyOf atomic;
    default :apiextensions/v1.JSON; dependencies :{}apiextensions/v1.JSONSchemaPropsOrStringArray;
    enum :[]apiextensions/v1.JSON atomic; example :apiextensions/v1.JSON;
    items :apiextensions/v1.JSONSchemaPropsOrArray; oneOf atomic; required atomic;
    x-kubernetes-list-map-keys atomic; x-kubernetes-validations map(rule) merge(rule)
  `,
  'apiextensions/v1.ValidationRule': `
    reason enum(FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired)
  `,
  'apiextensions/v1.WebhookConversion': 'conversionReviewVersions atomic',
  'meta/v1.APIGroup': 'preferredVersion ={}; serverAddressByClientCIDRs atomic; versions atomic',
  'meta/v1.APIGroupList': 'groups atomic',
  'meta/v1.APIVersions': 'serverAddressByClientCIDRs atomic; versions atomic',
  'meta/v1.APIResource': 'categories atomic; shortNames atomic',
  'meta/v1.APIResourceList': 'resources atomic',
  'meta/v1.DeleteOptions': 'dryRun atomic',
  'meta/v1.FieldSelectorRequirement': 'values atomic',
  'meta/v1.LabelSelector': '@ atomic; matchExpressions atomic',
  'meta/v1.LabelSelectorRequirement': 'values atomic',
  'meta/v1.ManagedFieldsEntry': 'fieldsV1 :meta/v1.FieldsV1',
  'meta/v1.ObjectMeta': 'finalizers set merge; managedFields atomic; ownerReferences map(uid) merge(uid)',
  'meta/v1.OwnerReference': '@ atomic',
  'meta/v1.StatusDetails': 'causes atomic',
  'meta/v1.WatchEvent': 'object :raw',
  'apiregistration/v1.APIService': 'spec ={}; status ={}',
  'apiregistration/v1.APIServiceSpec': 'caBundle atomic',
  'apiregistration/v1.APIServiceStatus': 'conditions map(type) merge(type)',
  'metrics/v1beta1.ContainerMetrics': 'name! string; usage! {}quantity',
  'metrics/v1beta1.NodeMetrics':
    'apiVersion string; kind string; metadata meta/v1.ObjectMeta; timestamp! time; usage! {}quantity; window! meta/v1.Duration',
  'metrics/v1beta1.NodeMetricsList':
    'apiVersion string; items! []metrics/v1beta1.NodeMetrics; kind string; metadata meta/v1.ListMeta',
  'metrics/v1beta1.PodMetrics': `
    apiVersion string; containers! []metrics/v1beta1.ContainerMetrics atomic; kind string; metadata meta/v1.ObjectMeta;
    timestamp! time; window! meta/v1.Duration
  `,
  'metrics/v1beta1.PodMetricsList':
    'apiVersion string; items! []metrics/v1beta1.PodMetrics; kind string; metadata meta/v1.ListMeta',
};
