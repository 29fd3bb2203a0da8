CREATE TABLE "compute_metered_clusters" (
	"cluster" text PRIMARY KEY NOT NULL,
	"identity" text NOT NULL,
	"since_seconds" bigint NOT NULL,
	"through_seconds" bigint NOT NULL,
	"position" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "compute_metered_pods" (
	"cluster" text NOT NULL,
	"uid" text NOT NULL,
	"segments" jsonb NOT NULL,
	"end_seconds" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "compute_metered_pods_cluster_uid_pk" PRIMARY KEY("cluster","uid")
);
--> statement-breakpoint
CREATE TABLE "compute_metering_gaps" (
	"cluster" text NOT NULL,
	"from_seconds" bigint NOT NULL,
	"to_seconds" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "compute_metering_gaps_cluster_from_seconds_pk" PRIMARY KEY("cluster","from_seconds")
);
--> statement-breakpoint
CREATE TABLE "compute_usage_hours" (
	"hour" timestamp (3) with time zone NOT NULL,
	"series_id" text NOT NULL,
	"millicore_seconds" numeric(40, 0) NOT NULL,
	"kib_seconds" numeric(40, 0) NOT NULL,
	"pod_seconds" numeric(40, 0) NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "compute_usage_hours_hour_series_id_pk" PRIMARY KEY("hour","series_id")
);
--> statement-breakpoint
CREATE TABLE "compute_usage_series" (
	"id" text PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"workload_kind" text NOT NULL,
	"workload_name" text NOT NULL,
	"application_id" uuid,
	"workspace_id" uuid,
	"project_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "compute_usage_hours_series" ON "compute_usage_hours" USING btree ("series_id");
