CREATE TABLE "release_order_objects" (
	"cluster" text NOT NULL,
	"uid" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"order_id" uuid,
	"made_of" text,
	"refusal" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "release_order_objects_cluster_uid_pk" PRIMARY KEY("cluster","uid")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "release_order_objects_order" ON "release_order_objects" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "release_order_objects_place" ON "release_order_objects" USING btree ("cluster","namespace","name");
