package com.example;

import io.github.cdksharedecr.EcrGrantee;
import io.github.cdksharedecr.LambdaGranteeOptions;
import io.github.cdksharedecr.SharedEcrRepository;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** The owner: a repository, and who else may use it. */
public final class WebAppImages extends Stack {
    private final SharedEcrRepository webApp;

    public WebAppImages(final Construct scope, final String id, final StackProps props) {
        super(scope, id, props);

        this.webApp = SharedEcrRepository.Builder.create(this, "WebApp")
            .repositoryName("web-app")
            .pullers(List.of(
                EcrGrantee.accounts("333333333333", "444444444444"),
                EcrGrantee.organization("o-a1b2c3d4e5"),
                EcrGrantee.lambdaFunctions("666666666666", LambdaGranteeOptions.builder()
                    .functionNamePattern("web-*")
                    .build())))
            .pushers(List.of(EcrGrantee.role("555555555555", "publish-images")))
            .build();
    }

    public SharedEcrRepository getWebApp() {
        return this.webApp;
    }
}
