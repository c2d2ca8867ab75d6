package com.example;

import io.github.cdksharedecr.CrossAccountPullRole;
import io.github.cdksharedecr.PullRuntime;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.constructs.Construct;

/** The consumer: Amazon ECS pulls with a role. Both its policy and that of the repository come from here. */
public final class WebService extends Stack {
    public WebService(final Construct scope, final String id, final IRepository webApp, final StackProps props) {
        super(scope, id, props);

        final CrossAccountPullRole executionRole = CrossAccountPullRole.Builder.create(this, "ExecutionRole")
            .runtime(PullRuntime.ECS_TASK)
            .repositories(List.of(webApp))
            .build();
        final FargateTaskDefinition task = FargateTaskDefinition.Builder.create(this, "Task")
            .executionRole(executionRole)
            .build();
        task.addContainer("web", ContainerDefinitionOptions.builder()
            .image(ContainerImage.fromEcrRepository(webApp, "v1"))
            .build());
    }
}
