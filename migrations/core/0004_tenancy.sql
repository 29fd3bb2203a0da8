CREATE TABLE "core_departments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"parent_id" uuid
);
--> statement-breakpoint
CREATE TABLE "core_members" (
	"tenant" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_members_tenant_kind_name_pk" PRIMARY KEY("tenant","kind","name")
);
--> statement-breakpoint
CREATE TABLE "core_namespace_bindings" (
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"workspace_id" uuid,
	"project_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_namespace_bindings_cluster_namespace_pk" PRIMARY KEY("cluster","namespace")
);
--> statement-breakpoint
CREATE TABLE "core_projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"workspace_id" uuid,
	"department_id" uuid
);
--> statement-breakpoint
CREATE TABLE "core_tenancy_revision" (
	"id" integer PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"region" text NOT NULL,
	"network_type" text NOT NULL,
	"zones" jsonb NOT NULL,
	"profile" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "core_departments_identifier" ON "core_departments" USING btree ("identifier") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "core_namespace_bindings_workspace" ON "core_namespace_bindings" USING btree ("workspace_id");
--> statement-breakpoint
CREATE INDEX "core_namespace_bindings_project" ON "core_namespace_bindings" USING btree ("project_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "core_projects_identifier" ON "core_projects" USING btree (coalesce(workspace_id::text, ''),"identifier") WHERE deleted_at is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "core_workspaces_identifier" ON "core_workspaces" USING btree ("identifier") WHERE deleted_at is null;
