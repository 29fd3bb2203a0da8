CREATE TABLE "core_namespace_quotas" (
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"quota" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_namespace_quotas_cluster_namespace_pk" PRIMARY KEY("cluster","namespace")
);
--> statement-breakpoint
ALTER TABLE "core_projects" ADD COLUMN "quota" jsonb;
--> statement-breakpoint
ALTER TABLE "core_workspaces" ADD COLUMN "network_id" text;
