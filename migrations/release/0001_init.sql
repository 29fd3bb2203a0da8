CREATE TABLE "release_app_services" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"application_id" uuid NOT NULL,
	"application_name" text NOT NULL,
	"workspace_id" uuid,
	"is_stateful" boolean NOT NULL,
	"owner" text,
	"operators" jsonb NOT NULL,
	"description" text NOT NULL,
	"current_version_id" uuid,
	"release_id" uuid,
	"last_release_state" text,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "release_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"release_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"is_beta" boolean NOT NULL,
	"pods" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"confirmed_by" text,
	"retried_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"workspace_id" uuid,
	"cluster" text,
	"namespace" text,
	"units" jsonb NOT NULL,
	"beta_group" boolean NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"release_id" uuid,
	"group_position" integer,
	"kind" text NOT NULL,
	"message" text NOT NULL,
	"actor" text,
	"sequence" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_service_releases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"service_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"from_version_id" uuid,
	"position" integer NOT NULL,
	"depends_on" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"engine" text,
	"target" jsonb,
	"previous" jsonb,
	"pause_after_group" boolean NOT NULL,
	"actor" jsonb NOT NULL,
	"group_position" integer NOT NULL,
	"rollback" text,
	"total_pods" integer NOT NULL,
	"updated_pods" integer NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"since" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"release_id" uuid NOT NULL,
	"phase" text NOT NULL,
	"group_position" integer,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"attempts" integer NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"service_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"edit_state" text NOT NULL,
	"spec" jsonb NOT NULL,
	"based_on_id" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"released_at" timestamp (3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "release_groups" ADD CONSTRAINT "release_groups_release_id_release_service_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "release_service_releases"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_events" ADD CONSTRAINT "release_events_order_id_release_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "release_orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_service_releases" ADD CONSTRAINT "release_service_releases_order_id_release_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "release_orders"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_service_releases" ADD CONSTRAINT "release_service_releases_service_id_release_app_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "release_app_services"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_service_releases" ADD CONSTRAINT "release_service_releases_version_id_release_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "release_versions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_tasks" ADD CONSTRAINT "release_tasks_release_id_release_service_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "release_service_releases"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "release_versions" ADD CONSTRAINT "release_versions_service_id_release_app_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "release_app_services"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "release_app_services_name" ON "release_app_services" USING btree ("cluster","namespace","name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "release_app_services_application" ON "release_app_services" USING btree ("application_id");
--> statement-breakpoint
CREATE INDEX "release_app_services_workspace" ON "release_app_services" USING btree ("workspace_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_groups_position" ON "release_groups" USING btree ("release_id","position");
--> statement-breakpoint
CREATE INDEX "release_orders_created" ON "release_orders" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "release_orders_workspace" ON "release_orders" USING btree ("workspace_id");
--> statement-breakpoint
CREATE INDEX "release_orders_state" ON "release_orders" USING btree ("state");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_events_sequence" ON "release_events" USING btree ("order_id","sequence");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_service_releases_service" ON "release_service_releases" USING btree ("order_id","service_id");
--> statement-breakpoint
CREATE INDEX "release_service_releases_of_service" ON "release_service_releases" USING btree ("service_id","created_at");
--> statement-breakpoint
CREATE INDEX "release_tasks_release" ON "release_tasks" USING btree ("release_id","phase","position");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_versions_number" ON "release_versions" USING btree ("service_id","number");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_versions_draft" ON "release_versions" USING btree ("service_id") WHERE edit_state = 'DRAFT';
